package jinja

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// maxJSONDepth bounds lists and objects within each other.
const maxJSONDepth = 500

// parseJSON is Python's json.loads: objects keep their order.
func (st *state) parseJSON(text string) (Value, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := st.jsonValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, raise(ValueError, "Extra data after the JSON value")
	}
	return v, nil
}

func (st *state) jsonValue(d *json.Decoder, depth int) (Value, error) {
	if depth > maxJSONDepth {
		return nil, raise(ValueError, "JSON is nested deeper than %d levels", maxJSONDepth)
	}
	if err := st.step(); err != nil {
		return nil, err
	}
	tok, err := d.Token()
	if err != nil {
		return nil, raise(ValueError, "not JSON: %s", err)
	}
	switch tok := tok.(type) {
	case nil:
		return None, nil
	case bool:
		return Bool(tok), nil
	case string:
		return Str(tok), nil
	case json.Number:
		if bytes.ContainsAny([]byte(tok), ".eE") {
			return parseFloatLiteral(string(tok)), nil
		}
		return parseIntText(string(tok)), nil
	case json.Delim:
		if tok == '[' {
			return st.jsonList(d, depth)
		}
	}
	return st.jsonDict(d, depth)
}

func (st *state) jsonList(d *json.Decoder, depth int) (Value, error) {
	l := NewList()
	for d.More() {
		v, err := st.jsonValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, v)
	}
	return l, closeJSON(d)
}

func (st *state) jsonDict(d *json.Decoder, depth int) (Value, error) {
	dict := NewDict()
	for d.More() {
		k, err := st.jsonValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		v, err := st.jsonValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		if err := dict.Set(k, v); err != nil {
			return nil, err
		}
	}
	return dict, closeJSON(d)
}

func closeJSON(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return raise(ValueError, "not JSON: %s", err)
	}
	return nil
}
