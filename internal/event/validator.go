package event

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

// compile reads the named documents for the full JSON Schema validator. Its
// formats uuid and date-time are the fast path's own.
func (d documents) compile(names []string) *jsonschema.Result {
	docs := make(map[string]any, len(d))
	for name, doc := range d {
		docs[baseURL+name] = plainValue(doc)
	}
	urls := make([]string, len(names))
	for i, name := range names {
		urls[i] = baseURL + name
	}
	return jsonschema.Compile(docs, urls, map[string]func(string) bool{
		"uuid":      func(text string) bool { _, ok := parseID([]byte(text)); return ok },
		"date-time": func(text string) bool { _, ok := parseTimestamp([]byte(text)); return ok },
	})
}

// validate holds the event against the full schema. It has been walked
// already, so it is JSON of bounded depth and numbers, without double keys.
func (c *contract) validate(raw []byte, from *Origin) *Rejection {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return &Rejection{Reason: MalformedJSON, Detail: clipText(err.Error())}
	}
	from.standIn(value)
	return firstRejection(c.schema.Validate(value))
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

// firstRejection picks one of what the validator found, always the same one,
// and nil where it found nothing.
func firstRejection(found []jsonschema.Violation) *Rejection {
	all := rejections(found)
	if len(all) == 0 {
		return nil
	}
	return slices.MinFunc(all, func(a, b *Rejection) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Detail, b.Detail))
	})
}

func rejections(found []jsonschema.Violation) (all []*Rejection) {
	for _, v := range found {
		r := &Rejection{Reason: InvalidValue, Detail: v.Detail}
		switch v.Kind {
		case jsonschema.Missing:
			r.Reason = MissingField
		case jsonschema.Unexpected:
			r.Reason = UnexpectedField
		case jsonschema.WrongType:
			r.Reason = WrongType
		}
		for _, token := range slices.Backward(v.Path) {
			r.under(token)
		}
		all = append(all, r)
	}
	return all
}
