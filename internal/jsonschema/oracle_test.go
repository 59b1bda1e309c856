package jsonschema

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	oracle "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

const testURL = "https://tiendi.example/x.json"

// decode reads JSON as Compile and Validate take it.
func decode(t testing.TB, text string) any {
	t.Helper()
	value, err := oracle.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// compileOracle compiles a schema by an independent validator, with the
// formats that it has and we have not, or have otherwise, set aside.
func compileOracle(schema any) (*oracle.Schema, error) {
	c := oracle.NewCompiler()
	c.DefaultDraft(oracle.Draft2020)
	c.AssertFormat()
	c.UseLoader(nothing{})
	for _, name := range []string{"uuid", "date-time", "semver", "period", "uri-template"} {
		c.RegisterFormat(&oracle.Format{Name: name, Validate: func(any) error { return nil }})
	}
	if err := c.AddResource(testURL, schema); err != nil {
		return nil, err
	}
	return c.Compile(testURL)
}

type nothing struct{}

func (nothing) Load(url string) (any, error) {
	return nil, fmt.Errorf("nothing is fetched, %s neither", url)
}

// compileOurs compiles one document that refers to none but itself.
func compileOurs(schema any) (*Schema, []Remark) {
	r := Compile(map[string]any{testURL: schema}, []string{testURL}, nil)
	return r.Schemas[testURL], r.Problems
}

// leaf is what is wrong in a value, and where.
type leaf struct {
	kind Kind
	path string
}

func ourLeaves(found []Violation) (all []leaf) {
	for _, v := range found {
		all = append(all, leaf{v.Kind, strings.Join(v.Path, "/")})
	}
	return all
}

// oracleLeaves are the ends of the oracle's tree of errors.
func oracleLeaves(err error) (all []leaf) {
	var invalid *oracle.ValidationError
	if !errors.As(err, &invalid) {
		return nil
	}
	for _, cause := range invalid.Causes {
		all = append(all, oracleLeaves(cause)...)
	}
	if len(invalid.Causes) > 0 {
		return all
	}
	add := func(kind Kind, keys ...string) {
		for _, key := range keys {
			all = append(all, leaf{kind, strings.Join(append(invalid.InstanceLocation, key), "/")})
		}
		if keys == nil {
			all = append(all, leaf{kind, strings.Join(invalid.InstanceLocation, "/")})
		}
	}
	switch k := invalid.ErrorKind.(type) {
	case *kind.Required:
		add(Missing, k.Missing...)
	case *kind.AdditionalProperties:
		add(Unexpected, k.Properties...)
	case *kind.FalseSchema:
		add(Unexpected)
	case *kind.Type:
		add(WrongType)
	default:
		add(Invalid)
	}
	return all
}
