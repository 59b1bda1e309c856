package event

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// validator is the full JSON Schema validator over the documents. Its formats
// uuid and date-time are the fast path's own.
func (d documents) validator() (*jsonschema.Compiler, error) {
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
	return nil, fmt.Errorf("there is no schema %s: a $ref names a file of this folder, or tiendi/<type>.json", strings.TrimPrefix(url, baseURL))
}

// validate holds the event against the full schema. It has been walked
// already, so it is JSON of bounded depth and numbers, without double keys.
func (c *contract) validate(raw []byte, from *Origin) *Rejection {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return &Rejection{Reason: MalformedJSON, Detail: clipText(err.Error())}
	}
	from.standIn(value)
	err = c.schema.Validate(value)
	var invalid *jsonschema.ValidationError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return firstRejection(invalid)
	}
	return &Rejection{Reason: InvalidValue, Detail: clipText(err.Error())}
}

// standIn puts what the receiver knows into a decoded event that does not say
// it itself.
func (o *Origin) standIn(value any) {
	fields, _ := value.(map[string]any)
	context, _ := fields["context"].(map[string]any)
	if o == nil || context == nil {
		return
	}
	for key, known := range map[string]string{"ip": o.IP, "user_agent": o.UserAgent} {
		if context[key] == nil && known != "" {
			context[key] = known
		}
	}
}

// firstRejection picks one of what the validator found, always the same one.
func firstRejection(err *jsonschema.ValidationError) *Rejection {
	all := rejections(err)
	return slices.MinFunc(all, func(a, b *Rejection) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Detail, b.Detail))
	})
}

// rejections turns everything that the validator found at the leaves of its
// tree into rejections.
func rejections(err *jsonschema.ValidationError) (all []*Rejection) {
	for _, cause := range err.Causes {
		all = append(all, rejections(cause)...)
	}
	if len(err.Causes) > 0 {
		return all
	}
	switch k := err.ErrorKind.(type) {
	case *kind.Required:
		return located(err, MissingField, "required, and not there", k.Missing)
	case *kind.AdditionalProperties:
		return located(err, UnexpectedField, "the schema has no such key", k.Properties)
	case *kind.FalseSchema:
		return located(err, UnexpectedField, "the schema allows nothing here", nil)
	case *kind.Type:
		return located(err, WrongType, "want "+strings.Join(k.Want, " or ")+", got "+k.Got, nil)
	}
	return located(err, InvalidValue, clipText(err.ErrorKind.LocalizedString(english())), nil)
}

func located(err *jsonschema.ValidationError, reason Reason, detail string, keys []string) (all []*Rejection) {
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
