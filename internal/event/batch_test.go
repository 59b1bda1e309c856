package event

import (
	"fmt"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		body string
		want string // line:raw of each part, ! before one that is refused
	}{
		{`{"a":1}`, `1:{"a":1}`},
		{"\n {\n \"a\": \"}\\\"\"\n}\n", "2:{\n \"a\": \"}\\\"\"\n}"},
		{"\xef\xbb\xbf{}\r\n\r\n{}\n", `1:{} 3:{}`},
		{"{\"a\":\n{}\n{}", `1:{"a": 2:{} 3:{}`},
		{"{}\n5\nx", `1:{} 2:5 3:x`},
		{"{\"a\n{}\n", `1:{"a 2:{}`},
		{"[]", ``},
		{" [ ] \n", ``},
		{`[{"a":[1,2]},{"b":"],"}]`, `1:{"a":[1,2]} 1:{"b":"],"}`},
		{"[\n{},\n\n{}\n]", `2:{} 4:{}`},
		{`[{},,"\"",]`, `1:{} 1: 1:"\"" 1:`},
		{`[{}`, `!1:{}`},
		{"[{},\n{", `1:{} !2:{`},
		{`[{}]x`, `1:{} !1:x`},
		{`[] {}`, `!1:{}`},
		{`[}]`, `1:}`},
		{``, `!1:`},
		{" \n", `!2:`},
		{"{}\n{}\n{}\n{}\n{}", `1:{} 2:{} 3:{} 4:{} !5:{}`},
		{"{}" + strings.Repeat(" ", 100), `!1:{}` + strings.Repeat(" ", 100)},
	} {
		var got []string
		index := 0
		for p := range Split([]byte(c.body), Limits{Bytes: 100, Events: 4}) {
			mark := ""
			if p.Rejection != nil {
				mark = "!"
			}
			got = append(got, fmt.Sprintf("%s%d:%s", mark, p.Line, p.Raw))
			if p.Index != index {
				t.Errorf("%q: index %d comes as the %dth", c.body, p.Index, index)
			}
			index++
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%q\ngave %q\nwant %q", c.body, text, c.want)
		}
	}
}

func TestParseBatchGoesOnAfterARejection(t *testing.T) {
	body := "[" + probe(``) + `,{"event_type":"nothing"},` + probe(``) + "]"
	var ids []ID
	for result := range builtin(t).ParseBatch([]byte(body), clock, &Origin{IdempotencyKey: "k"}, Limits{}) {
		if refused := result.Rejection != nil; refused != (result.Index == 1) {
			t.Errorf("event %d: %v", result.Index, result.Rejection)
		}
		ids = append(ids, result.Event.EventID)
	}
	if len(ids) != 3 || ids[0] == ids[2] {
		t.Errorf("ids %v", ids)
	}
	for range builtin(t).ParseBatch([]byte(body), clock, nil, Limits{}) {
		break // must not go on
	}
}

// FuzzSplit looks for bytes that are lost: all parts in their order, and
// nothing but blanks, brackets and commas between them, are the body.
func FuzzSplit(f *testing.F) {
	for _, body := range []string{"{}\n{}", "[{},{}]", "[1,[2]", "{\n}", "\xef\xbb\xbf[", "[}]", "\xef\xbb\xbf\xef\xbb\xbf[[", `["\\",""]`, "{}}\n{",
		strings.Repeat("[", 10_000), strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "[" + strings.Repeat("0,", 100) + "0]",
		"\x00\n\xff\xfe\n\"\\ud800\"", "[\"" + strings.Repeat("k", 10_000), "{\"\r\n", "[,,]", "[}{]", "\u2028{}\u2029",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		rest, line, events := strings.TrimPrefix(string(body), byteOrderMark), 1, 0
		for p := range Split(body, Limits{Bytes: 1 << 20, Events: 50}) {
			before, after, found := strings.Cut(rest, string(p.Raw))
			if !found || strings.Trim(before, "[], \t\r\n") != "" {
				t.Fatalf("between the parts of %q lies %q", body, before)
			}
			if p.Line < line {
				t.Fatalf("line %d comes after line %d", p.Line, line)
			}
			if events++; events > 51 {
				t.Fatal("more parts than the bound")
			}
			rest, line = after, p.Line
		}
		if strings.Trim(rest, "[], \t\r\n") != "" {
			t.Fatalf("the end of %q is lost: %q", body, rest)
		}
	})
}
