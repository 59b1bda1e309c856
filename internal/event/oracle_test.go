package event

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// oracle is an independent JSON Schema validator over the documents, which the
// fast path and ours are held against. It is in no binary. Its formats uuid and
// date-time are the fast path's own.
func (d documents) oracle() (*jsonschema.Compiler, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(nothingElse{})
	c.RegisterFormat(&jsonschema.Format{Name: "uuid", Validate: stringFormat("a UUID", func(s []byte) bool {
		_, ok := parseID(s)
		return ok
	})})
	c.RegisterFormat(&jsonschema.Format{Name: "date-time", Validate: stringFormat("an RFC 3339 time with a zone", func(s []byte) bool {
		_, ok := parseTimestamp(s)
		return ok
	})})
	for name, doc := range d {
		if err := c.AddResource(baseURL+name, plainValue(doc)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func stringFormat(what string, valid func([]byte) bool) func(any) error {
	return func(value any) error {
		if text, ok := value.(string); ok && !valid([]byte(text)) {
			return errors.New("no " + what)
		}
		return nil
	}
}

// nothingElse keeps references from being fetched, from disk or network.
type nothingElse struct{}

func (nothingElse) Load(url string) (any, error) {
	return nil, fmt.Errorf("there is no schema %s", url)
}

// oracleRejections turns everything that the oracle found at the leaves of its
// tree into rejections.
func oracleRejections(err *jsonschema.ValidationError) (all []*Rejection) {
	for _, cause := range err.Causes {
		all = append(all, oracleRejections(cause)...)
	}
	if len(err.Causes) > 0 {
		return all
	}
	switch k := err.ErrorKind.(type) {
	case *kind.Required:
		return oracleLocated(err, MissingField, "required, and not there", k.Missing)
	case *kind.AdditionalProperties:
		return oracleLocated(err, UnexpectedField, "the schema has no such key", k.Properties)
	case *kind.FalseSchema:
		return oracleLocated(err, UnexpectedField, "the schema allows nothing here", nil)
	case *kind.Type:
		return oracleLocated(err, WrongType, "want "+strings.Join(k.Want, " or ")+", got "+k.Got, nil)
	}
	return oracleLocated(err, InvalidValue, clipText(err.ErrorKind.LocalizedString(english())), nil)
}

func oracleLocated(err *jsonschema.ValidationError, reason Reason, detail string, keys []string) (all []*Rejection) {
	for _, key := range keys {
		r := &Rejection{Reason: reason, Detail: detail}
		r.under(key)
		all = append(all, r)
	}
	if keys == nil {
		all = []*Rejection{{Reason: reason, Detail: detail}}
	}
	for _, r := range all {
		for _, token := range slices.Backward(err.InstanceLocation) {
			r.under(token)
		}
	}
	return all
}

func english() *message.Printer { return message.NewPrinter(language.English) }
