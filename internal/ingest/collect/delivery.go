package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// delivery is what a webhook sent.
type delivery struct {
	raw     []byte
	content any
}

// readDelivery reads one JSON value. Numbers keep their text: money is no float.
func readDelivery(body []byte) (delivery, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return delivery{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return delivery{}, errors.New("there is more behind it")
	}
	return delivery{raw: body, content: v}, nil
}

// expression is a value of a mapping:
//
//	/data/object/id            what the JSON pointer leads to
//	/data/object/id | uuid     a UUID made of it, where it is none
//	/data/object/amount | cents   hundredths as an amount: 1999 → 19.99
//	/total_price | number      a number that is written as text
//	card                       the text itself
type expression struct {
	pointer, filter, literal string
}

func parseValue(text string) (expression, error) {
	if !strings.HasPrefix(text, "/") {
		return expression{literal: text}, nil
	}
	pointer, filter, _ := strings.Cut(text, "|")
	e := expression{pointer: strings.TrimSpace(pointer), filter: strings.TrimSpace(filter)}
	switch e.filter {
	case "", "uuid", "cents", "number":
		return e, nil
	}
	return e, fmt.Errorf("%q: there is no filter %q: use uuid, cents or number", text, e.filter)
}

// value gives the JSON of an expression, false where there is nothing.
func (d delivery) value(text string) (string, bool) {
	e, err := parseValue(text)
	if err != nil || text == "" {
		return "", false
	}
	if e.pointer == "" {
		return string(event.AppendString(nil, e.literal)), true
	}
	v, ok := d.at(e.pointer)
	if !ok || v == nil {
		return "", false
	}
	switch plain := scalar(v); {
	case e.filter == "uuid" && plain != "":
		return `"` + idOf(plain).String() + `"`, true
	case e.filter == "cents" && wholeNumber().MatchString(plain):
		return hundredths(plain), true
	case e.filter == "number" && decimalNumber().MatchString(plain):
		return plain, true
	}
	// A value that a filter cannot take goes as it is: the schema refuses it.
	whole, err := encoded(v)
	return string(whole), err == nil
}

var (
	wholeNumber   = lazyregexp.New(`^(0|[1-9][0-9]{0,17})$`)
	decimalNumber = lazyregexp.New(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$`)
)

// hundredths puts the point before the last two digits.
func hundredths(whole string) string {
	if len(whole) < 3 {
		whole = strings.Repeat("0", 3-len(whole)) + whole
	}
	return whole[:len(whole)-2] + "." + whole[len(whole)-2:]
}

// scalar is the text of a string or number, "" of all else.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

func (d delivery) text(pointer string) string {
	v, _ := d.at(pointer)
	return scalar(v)
}

// timestamp takes seconds since 1970, or text as it is; now where there is none.
func (d delivery) timestamp(pointer string, now time.Time) []byte {
	v, _ := d.at(pointer)
	switch v := v.(type) {
	case string:
		return event.AppendString(nil, v)
	case json.Number:
		if seconds, err := strconv.ParseInt(v.String(), 10, 64); err == nil && seconds >= 0 && seconds < 1<<37 {
			now = time.Unix(seconds, 0)
		}
	}
	return append(event.AppendTime([]byte{'"'}, now), '"')
}

// at follows a JSON pointer.
func (d delivery) at(pointer string) (any, bool) {
	if !strings.HasPrefix(pointer, "/") {
		return nil, false
	}
	v := d.content
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = unescapePointer.Replace(token)
		switch within := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = within[token]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(within) {
				return nil, false
			}
			v = within[i]
		default:
			return nil, false
		}
	}
	return v, true
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")
