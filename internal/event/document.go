package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// object is a JSON object of a schema file with its keys in order, which is
// the order of the docs and of the fast path.
type object []pair

type pair struct {
	key   string
	value any // object, []any, string, json.Number, bool or nil
}

func (o object) get(key string) any {
	for _, p := range o {
		if p.key == key {
			return p.value
		}
	}
	return nil
}

// readDocument reads a schema file. Errors give line and column.
func readDocument(text []byte) (object, error) {
	var syntax *json.SyntaxError
	if err := json.Unmarshal(text, new(json.RawMessage)); errors.As(err, &syntax) {
		return nil, placed(text, syntax.Offset, err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, err := readValue(d, 0)
	if err != nil {
		return nil, placed(text, d.InputOffset(), err)
	}
	o, ok := value.(object)
	if !ok {
		return nil, placed(text, 1, errors.New("the schema of an event type is a JSON object"))
	}
	return o, nil
}

// placed puts line and column before an error; offset counts the bytes up to
// and with the one that is wrong.
func placed(text []byte, offset int64, err error) error {
	before := text[:min(int(offset), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Errorf("%d:%d: %w", line, max(column, 1), err)
}

func readValue(d *json.Decoder, depth int) (any, error) {
	if depth > MaxDepth {
		return nil, fmt.Errorf("nested deeper than %d", MaxDepth)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return readObject(d, depth)
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err := d.Token()
		return list, err
	}
	return token, nil
}

func readObject(d *json.Decoder, depth int) (any, error) {
	o := object{}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if seen[name] {
			return nil, fmt.Errorf("the key %q is there twice", clipText(name))
		}
		seen[name] = true
		value, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		o = append(o, pair{name, value})
	}
	_, err := d.Token()
	return o, err
}

// plainValue is the value as the full validator takes it.
func plainValue(value any) any {
	switch v := value.(type) {
	case object:
		plain := make(map[string]any, len(v))
		for _, p := range v {
			plain[p.key] = plainValue(p.value)
		}
		return plain
	case []any:
		plain := make([]any, len(v))
		for i, item := range v {
			plain[i] = plainValue(item)
		}
		return plain
	}
	return value
}

// lookup finds the value that a JSON pointer leads to.
func lookup(o object, pointer string) (any, bool) {
	var value any = o
	if pointer == "" {
		return value, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		at, ok := value.(object)
		if !ok {
			return nil, false
		}
		if value = at.get(pointerUnescape.Replace(token)); value == nil {
			return nil, false
		}
	}
	return value, true
}

var pointerUnescape = strings.NewReplacer("~1", "/", "~0", "~")
