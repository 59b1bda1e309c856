package jsonschema

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	oracle "github.com/santhosh-tekuri/jsonschema/v6"
)

// pairOf is a schema as ours and as the oracle's, and its text.
type pairOf struct {
	ours   *Schema
	theirs *oracle.Schema
	text   string
}

// compileBoth compiles a schema twice, and holds the verdicts against one
// another. It gives nil where there is nothing to go on with.
func compileBoth(t *testing.T, schema any) *pairOf {
	t.Helper()
	ours, problems := compileOurs(schema)
	theirs, err := compileOracle(schema)
	text, _ := json.Marshal(schema)
	switch {
	case len(problems) > 0 && err == nil && !refusedOnPurpose(problems):
		t.Errorf("we refuse, and the oracle takes\n%s\n%+v", text, problems)
	case len(problems) == 0 && err != nil:
		t.Errorf("the oracle refuses, and we take\n%s\n%v", text, err)
	case err == nil && len(problems) == 0:
		return &pairOf{ours, theirs, string(text)}
	}
	return nil
}

// agree holds a value against both: the verdicts, and where both find just one
// thing wrong, which and where. It gives the verdict.
func (p *pairOf) agree(t *testing.T, value any) bool {
	t.Helper()
	found, err := ourLeaves(p.ours.Validate(value)), p.theirs.Validate(value)
	shown, _ := json.Marshal(value)
	if (len(found) == 0) != (err == nil) {
		t.Errorf("we say %v, the oracle %v\nof %s\nby %s", found, err, shown, p.text)
		return false
	}
	expected := oracleLeaves(err)
	// The oracle loses the place of wrong names.
	if len(found) == 1 && len(expected) == 1 && found[0] != expected[0] && !strings.Contains(p.text, "propertyNames") {
		t.Errorf("we say %v, the oracle %v\nof %s\nby %s", found, err, shown, p.text)
	}
	return err == nil
}

var aside = regexp.MustCompile(`/(\$defs|definitions|contentSchema|then|else)/`)

// refusedOnPurpose says whether all problems are with what JSON Schema leaves
// open (core, 9.4.1) and what we do not follow.
func refusedOnPurpose(problems []Remark) bool {
	for _, p := range problems {
		known := false
		for _, text := range []string{"leads back to itself", "write $ref", "write $anchor", "leave it out", "the version of JSON Schema", "is the most"} {
			known = known || strings.Contains(p.Text, text)
		}
		if strings.HasSuffix(p.Pointer, "/$ref") && aside.MatchString(p.Pointer) {
			known = true // the oracle looks only at references that something leads to
		}
		if !known {
			return false
		}
	}
	return true
}

// agreeAtRandom takes for every other seed a schema that may be wrong. It gives how many values of a random schema were valid, and how
// many were not.
func agreeAtRandom(t *testing.T, seed uint64) (valid, invalid int) {
	r := random{Rand: rand.New(rand.NewPCG(seed, 1)), spoils: 50 * int(seed%2)}
	both := compileBoth(t, r.document())
	if both == nil {
		return 0, 0
	}
	for range 20 {
		if both.agree(t, r.value(4)) {
			valid++
		} else {
			invalid++
		}
	}
	return valid, invalid
}

func TestRandomSchemasAgreeWithOracle(t *testing.T) {
	valid, invalid := 0, 0
	for seed := range uint64(1000) {
		v, i := agreeAtRandom(t, seed)
		valid, invalid = valid+v, invalid+i
		if t.Failed() {
			t.Fatalf("by the seed %d", seed)
		}
	}
	if min(valid, invalid) < 2_500 {
		t.Errorf("%d valid values and %d others: too few of one kind to say much", valid, invalid)
	}
}

func FuzzRandomSchemasAgreeWithOracle(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { agreeAtRandom(t, seed) })
}

// FuzzSchemaTextsAgreeWithOracle takes schemas and values as texts, whose
// mutations get at what no one would write.
func FuzzSchemaTextsAgreeWithOracle(f *testing.F) {
	for seed := range uint64(200) {
		r := random{Rand: rand.New(rand.NewPCG(seed, 2))}
		schema, _ := json.Marshal(r.document())
		value, _ := json.Marshal(r.value(3))
		f.Add(string(schema), string(value))
	}
	f.Fuzz(func(t *testing.T, schemaText, valueText string) {
		if farNumber.MatchString(schemaText + " " + valueText) {
			return // the oracle would write them out
		}
		schema, err := oracle.UnmarshalJSON(strings.NewReader(schemaText))
		if err != nil {
			return
		}
		value, err := oracle.UnmarshalJSON(strings.NewReader(valueText))
		if err != nil {
			return
		}
		if both := compileBoth(t, schema); both != nil {
			both.agree(t, value)
		}
	})
}

var farNumber = regexp.MustCompile(`[0-9.][eE][-+]?[0-9]{4}`)
