package load

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// letters is a table of text columns a, b and c, nested d.e among them.
func letters() *Table {
	return &Table{Name: "letters", Columns: []Column{
		{Name: "a", Kind: Text, Path: "a"}, {Name: "b", Kind: Text, Path: "b"}, {Name: "e", Kind: Text, Path: "d.e"},
	}}
}

func TestJSONRejects(t *testing.T) {
	for line, want := range map[string]problem{
		`{"a":"x","b":"y"}`:                     {},
		` { "a" : "x" , "d" : { "e" : "z" } } `: {},
		`{"a":"\u00e9\ud83d\ude00\ud800\n"}`:    {},
		`{"z":[1,-2.5e+3,{"q":null}],"a":""}`:   {},
		`{"d":null}`:                            {},
		`{}`:                                    {},
		`{"a":"x"`:                              {reasonJSON, "byte 9"},
		`{"a":"x"}}`:                            {reasonJSON, "byte 10"},
		`[1]`:                                   {reasonJSON, "byte 1"},
		`{"a":01}`:                              {reasonJSON, "byte 7"},
		`{"a":1.}`:                              {reasonJSON, "byte 8"},
		`{"a":tru}`:                             {reasonJSON, "byte 6"},
		`{"a":"x",}`:                            {reasonJSON, "byte 10"},
		`{'a':"x"}`:                             {reasonJSON, "byte 2"},
		"{\"a\":\"x\ty\"}":                      {reasonJSON, "byte 8"},
		`{"a":"\x"}`:                            {reasonJSON, "byte 8"},
		"{\"a\":\"\xff\"}":                      {reasonUTF8, ""},
		`{"a":"1","a":"2"}`:                     {reasonDuplicate, "/a"},
		`{"d":{"e":"1","e":"2"}}`:               {reasonDuplicate, "/d/e"},
		`{"d":7}`:                               {reasonWant, "/d"},
		`{"z":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`: {reasonJSON, "byte 70"},
	} {
		p := jsonParser{members: jsonMembers(letters())}
		if got := p.parse([]byte(line), newRow(letters())); got != want {
			t.Errorf("%.60s: %v, want %v", line, got, want)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":"x","b":"y"}`, `{"d":{"e":"\u00e9"},"q":[1,2,{"x":[]}]}`, `{"a":"\ud83d\ude00","b":"\"\\\/"}`,
		`{"a":1e5,"b":true,"c":null}`, `{"a":"` + "\x00" + `"}`, `{"d":[]}`, `{"a":"ñ"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r := newRow(letters())
		p := jsonParser{members: jsonMembers(letters())}
		got := p.parse(line, r)
		var want map[string]any
		err := json.Unmarshal(line, &want)
		valid := err == nil && want != nil && utf8.Valid(line)
		if got.reason == "" && !valid {
			t.Fatalf("%q was taken, encoding/json says %v", line, err)
		}
		if got.reason == reasonJSON && valid && bytes.Count(line, []byte("["))+bytes.Count(line, []byte("{")) < maxDepth {
			t.Fatalf("%q was refused: %v", line, got)
		}
		if a, ok := want["a"].(string); ok && got.reason == "" && a != string(r.values[0]) {
			t.Errorf("%q: a is %q, want %q", line, r.values[0], a)
		}
	})
}

func TestCSVRejects(t *testing.T) {
	for record, want := range map[string]string{
		`1,2,3`:        "",
		`,,`:           "",
		`"a,b",2,3`:    "",
		`"a ""b""",2,`: "",
		`a"b,2,3`:      "",
		"\"a\nb\",2,3": "",
		`1,2`:          reasonColumns,
		`1,2,3,4`:      reasonColumns,
		`"a"b,2,3`:     reasonQuote,
		`"a,2,3`:       reasonQuote,
		"\xff,2,3":     reasonUTF8,
	} {
		p := csvParser{columns: []int{0, 1, 2}}
		if got := p.parse([]byte(record), newRow(letters())); got.reason != want {
			t.Errorf("%q: %q, want %q", record, got.reason, want)
		}
	}
}

// splitAll gives the records of a stream and the reasons of those that broke.
func splitAll(t *testing.T, r io.Reader, isCSV bool) (records []string, lines []uint64, broken []string) {
	t.Helper()
	s := newSplitter(r, isCSV, func() []byte { return make([]byte, 0, chunkBytes) })
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	for {
		c, err := s.next()
		if errors.Is(err, io.EOF) {
			return records, lines, broken
		}
		if err != nil {
			t.Fatal(err)
		}
		if c.reason != "" {
			broken = append(broken, c.reason)
			continue
		}
		w := worker{csv: isCSV}
		for data, line := c.data, c.line; len(data) > 0; {
			record, n := w.record(data)
			if body := trimNewline(record); len(body) > 0 {
				records, lines = append(records, string(body)), append(lines, line)
			}
			data, line = data[len(record):], line+n
		}
	}
}

func TestSplit(t *testing.T) {
	long := strings.Repeat("x", maxRecord+5)
	for name, c := range map[string]struct {
		in      string
		csv     bool
		records []string
		lines   []uint64
		broken  []string
	}{
		"plain":                  {"a\nb\n", false, []string{"a", "b"}, []uint64{1, 2}, nil},
		"no newline at end":      {"a\nb", false, []string{"a", "b"}, []uint64{1, 2}, nil},
		"CRLF":                   {"a\r\nb\r\n", true, []string{"a", "b"}, []uint64{1, 2}, nil},
		"byte order mark":        {"\xef\xbb\xbfa\n", false, []string{"a"}, []uint64{1}, nil},
		"empty lines":            {"a\n\n\r\nb\n", true, []string{"a", "b"}, []uint64{1, 4}, nil},
		"quoted newline":         {"\"a\nb\",1\nc\n", true, []string{"\"a\nb\",1", "c"}, []uint64{1, 3}, nil},
		"quoted at end":          {"x\n\"a\nb\",1", true, []string{"x", "\"a\nb\",1"}, []uint64{1, 2}, nil},
		"quote never closed":     {"x\n\"a\nb\nc\n", true, []string{"x", "b", "c"}, []uint64{1, 3, 4}, []string{reasonQuote}},
		"quote in JSON":          {"\"a\nb\n", false, []string{"\"a", "b"}, []uint64{1, 2}, nil},
		"line too long":          {"a\n" + long + "\nb\n", false, []string{"a", "b"}, []uint64{1, 3}, []string{reasonLong}},
		"last line too long":     {"a\n" + long, true, []string{"a"}, []uint64{1}, []string{reasonLong}},
		"nothing":                {"", true, nil, nil, nil},
		"only a byte order mark": {"\xef\xbb\xbf", true, nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			records, lines, broken := splitAll(t, strings.NewReader(c.in), c.csv)
			if !reflect.DeepEqual(records, c.records) || !reflect.DeepEqual(lines, c.lines) || !reflect.DeepEqual(broken, c.broken) {
				t.Errorf("got %.80q %v %v", records, lines, broken)
			}
		})
	}
}

// A record that lies across the ends of chunks must come out whole.
func TestSplitAcrossChunks(t *testing.T) {
	var in strings.Builder
	var want []string
	for i := range 3000 {
		record := `"` + strings.Repeat("a\n\"\"", i%500) + `",` + strings.Repeat("b", i%700)
		want = append(want, record)
		in.WriteString(record + "\r\n")
	}
	records, _, broken := splitAll(t, iotest.HalfReader(strings.NewReader(in.String())), true)
	if len(broken) > 0 || !slices.Equal(records, want) {
		t.Errorf("%d records, %d broken, want %d", len(records), len(broken), len(want))
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b,c\n1,2,3\n", "\"x\ny\",2,3\r\n", "\"a\"\"b\",,\n", "a\"b,2,3\n", "\"open,1,2\n3,4,5\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		records, _, broken := splitAll(t, bytes.NewReader(in), true)
		var got [][]string
		for _, record := range records {
			r := newRow(letters())
			p := csvParser{columns: []int{0, 1, 2}}
			if p.parse([]byte(record), r).reason != "" {
				return
			}
			got = append(got, []string{string(r.values[0]), string(r.values[1]), string(r.values[2])})
		}
		std := csv.NewReader(bytes.NewReader(in))
		std.FieldsPerRecord = 3
		want, err := std.ReadAll()
		if err != nil || len(broken) > 0 || bytes.ContainsRune(in, '\r') || bytes.HasPrefix(in, []byte("\xef\xbb\xbf")) {
			return // encoding/csv changes \r\n inside quotes and keeps the mark
		}
		if len(want) != len(got) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	})
}
