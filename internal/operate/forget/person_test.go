package forget

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/change"
)

const (
	ana, anaNew         = "5b1f0c2e-6a0c-4f6e-9d53-2f6f0c9f8a11", "11111111-1111-4111-8111-111111111111"
	session, sessionNew = "b7d0ab11-0d5b-4b0d-8a57-21f7f27c6f10", "22222222-2222-4222-8222-222222222222"
	somebody            = "0c9a4b1d-2222-4f6e-9d53-2f6f0c9f8a11"
)

func someone() *People {
	return NewPeople([]Pseudonym{
		{Kind: User, Old: ana, New: anaNew}, {Kind: Session, Old: session, New: sessionNew}, {Kind: Text, Old: "Ana.Ruiz@Example.com"},
	}, PersonalKeys())
}

// The same without hyphens.
const anaPlain, anaNewPlain = "5b1f0c2e6a0c4f6e9d532f6f0c9f8a11", "11111111111141118111111111111111"

// TestEdit has every way in which a text can say who somebody is, and what must stay.
func TestEdit(t *testing.T) {
	p := someone()
	for from, want := range map[string]string{
		"":      "",
		"plain": "plain",
		ana:     anaNew,
		`{"user_id":"` + strings.ToUpper(ana) + `","session_id":"` + session + `","product_id":"` + somebody + `"}`: `{"user_id":"` + anaNew + `","session_id":"` + sessionNew + `","product_id":"` + somebody + `"}`,
		"-" + ana + session + "-": "-" + anaNew + sessionNew + "-",
		"/u/" + ana + "/cart":     "/u/" + anaNew + "/cart",
		"u=" + strings.ToUpper(anaPlain) + "&n=" + strings.ReplaceAll(somebody, "-", ""): "u=" + anaNewPlain + "&n=" + strings.ReplaceAll(somebody, "-", ""),
		anaPlain + strings.ReplaceAll(session, "-", "") + "0":                            anaNewPlain + strings.ReplaceAll(sessionNew, "-", "") + "0",
		"trace 00-" + anaPlain + "-" + ana[:8] + "-01":                                   "trace 00-" + anaNewPlain + "-" + ana[:8] + "-01",
		"x" + ana[1:]:                                                "x" + ana[1:],
		`{"email":"a@b.cl","n":1}`:                                   `{"email":"xxxxxx","n":1}`,
		`{"Phone" : 5512345678 ,"n":-1}`:                             `{"Phone" : 0          ,"n":-1}`,
		`{"name":"Ana \"la\" Ruiz"}`:                                 `{"name":"xxxxxxxxxxxxxxx"}`,
		`{"product_name":"Camisa"}`:                                  `{"product_name":"Camisa"}`,
		`{"address":{"line":"C 1","n":[7,"b"],"ok":true},"total":9}`: `{"address":{"line":"xxx","n":[0,"x"],"ok":true},"total":9}`,
		`{"phone":null,"name":"","n":"name"}`:                        `{"phone":null,"name":"","n":"name"}`,
		`{"raw":"{\"email\":\"q\",\"n\":1}"}`:                        `{"raw":"{\"email\":\"x\",\"n\":1}"}`,
		`{"raw":"{\"name\":\"a\\\"b\",\"n\":\"c\"}"}`:                `{"raw":"{\"name\":\"xxxxxx\",\"n\":\"c\"}"}`,
		"https://x.cl/?to=ana%40x.cl&utm_source=mail":                "https://x.cl/?to=xxxxxxxxxx&utm_source=mail",
		"write to ana+1@shop.example.com, or @ana":                   "write to xxxxxxxxxxxxxxxxxxxxxx, or @ana",
		"he is ANA.RUIZ@example.com!":                                "he is xxxxxxxxxxxxxxxxxxxx!",
		`{"note":"ana.ruiz%40example.com"}`:                          `{"note":"xxxxxxxxxxxxxxxxxxxxxx"}`,
		`{"email":"unended`:                                          `{"email":"xxxxxxx`,
		`{"note":"call:\nana@x.cl"}`:                                 `{"note":"call:\nxxxxxxxx"}`,
		`{"note":"Jos\u00e9.paz@x.cl"}`:                              `{"note":"xxx\u00e9xxxxxxxxx"}`,
		`{"note":"at 3\u000aana\u0040x.cl"}`:                         `{"note":"at 3\u000axxxxxxxxxxxxx"}`,
		`{"p":"{\"note\":\"a\\nana@x.cl\"}"}`:                        `{"p":"{\"note\":\"a\\nxxxxxxxx\"}"}`,
		`C:\ana@x.cl`:                                                `C:\xxxxxxxx`,
		`{"q":"ana.ruiz\u0040example.com"}`:                          `{"q":"xxxxxxxxxxxxxxxxxxxxxxxxx"}`,
	} {
		if got := string(p.Edit([]byte(from))); got != want {
			t.Errorf("%s\nis    %s\nwants %s", from, got, want)
		}
	}
}

// TestHolds: texts that a person is in, and such that look like it.
func TestHolds(t *testing.T) {
	p := someone()
	for text, want := range map[string]bool{
		ana: true, strings.ToUpper(session): true, anaPlain: true, "/u/" + strings.ToUpper(anaPlain) + "/": true, anaPlain[:31]: false, anaPlain[:31] + "g": false, "a-b-c-" + ana: true, "mail to Ana.Ruiz@example.COM": true, "?e=ana.ruiz%40example.com": true, `"ana.ruiz\u0040example.com"`: true,
		"": false, somebody: false, ana[:35]: false, "ana.ruiz@example.org": false, strings.ReplaceAll(ana, "-", "_"): false,
	} {
		if got := p.Holds([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if NewPeople([]Pseudonym{{Kind: Session, Old: uuid.Nil.String(), New: anaNew}}, nil).Holds([]byte(uuid.Nil.String())) {
		t.Error("the zero id is somebody")
	}
	id := uuid.MustParse(ana)
	if !p.inState(slices.Concat([]byte{1, 2}, id[:], []byte{3})) || p.inState(id[:15]) || p.inState(nil) {
		t.Error("a state's ids are not found")
	}
}

// FuzzEdit: an edited text has the same length, holds nobody, is JSON where it was, and
// editing it again changes nothing.
func FuzzEdit(f *testing.F) {
	for _, seed := range []string{
		`{"user_id":"` + ana + `","name":{"a":["b",{"c":-1.5e3}]},"x":"\"name\":\"b\""}`, `\"email\":\"a`, `"name":`, `"phone":12`, "a@b.c%40d.e", "%40.",
		`{"name":"a\\","email":"\u00e9@b.cl"}`, "İ" + "ana.ruiz@example.com", `{"n":"a\nana@b.cl","m":"\u00e9\u0040b.cl","o":"\\nana.ruiz@example.com"}`, `{"name":[[[}`, "----" + session, "0" + anaPlain, anaPlain[:24] + ana, ana + anaPlain,
	} {
		f.Add([]byte(seed))
	}
	p := someone()
	f.Fuzz(func(t *testing.T, text []byte) {
		got := p.Edit(text)
		switch {
		case len(got) != len(text):
			t.Fatalf("%q became %q", text, got)
		case json.Valid(text) && !json.Valid(got):
			t.Fatalf("%q became %q, which is no JSON", text, got)
		case p.Holds(got):
			t.Fatalf("%q became %q, which holds somebody", text, got)
		}
		if again := p.Edit(got); !bytes.Equal(again, got) {
			t.Fatalf("%q became %q, and then %q", text, got, again)
		}
	})
}

var userColumns = []change.Column{
	{Name: "id", Type: 2950, Key: true}, {Name: "city", Type: 25}, {Name: "nickname", Type: 1043}, {Name: "email", Type: 25},
	{Name: "birthday", Type: 1082}, {Name: "settings", Type: 3802}, {Name: "points", Type: 23}, {Name: "created_at", Type: 1184},
}

func values(texts ...string) (row [][]byte) {
	for _, text := range texts {
		if text == "" {
			row = append(row, nil)
			continue
		}
		row = append(row, []byte(text))
	}
	return row
}

// TestEditChange: a row about somebody keeps what the project declares of it, the order
// of a person what it says of the order; others' rows stay.
func TestEditChange(t *testing.T) {
	p := someone()
	p.Declared = map[string][]string{"users": {"id", "city", "created_at"}, "orders": {"id", "user_id", "status"}}
	users, orders := &change.Relation{Schema: "public", Name: "users", Columns: userColumns}, &change.Relation{Schema: "public", Name: "orders", Columns: []change.Column{
		{Name: "id", Type: 2950, Key: true}, {Name: "user_id", Type: 2950}, {Name: "status", Type: 25}, {Name: "notes", Type: 25}, {Name: "total", Type: 1700},
	}}
	for _, c := range []struct {
		relation  *change.Relation
		row, want [][]byte
	}{
		{
			users, values(ana, "Lima", "anita", "ana.ruiz@example.com", "1990-01-02", `{"theme":"dark"}`, "7", "2026-01-01 00:00:00+00"),
			[][]byte{[]byte(anaNew), []byte("Lima"), {}, {}, nil, []byte("{}"), []byte("7"), []byte("2026-01-01 00:00:00+00")},
		},
		{users, values(somebody, "Lima", "anita", "", "", "", "", ""), nil},
		{users, values(somebody, "Lima", "", "ANA.ruiz@example.com", "", "", "1", ""), values(somebody, "Lima", "", "xxxxxxxxxxxxxxxxxxxx", "", "", "1", "")},
		{orders, values(somebody, ana, "ENTREGADO", "ring twice", "12.30"), [][]byte{[]byte(somebody), []byte(anaNew), []byte("ENTREGADO"), {}, []byte("12.30")}},
		{orders, values(somebody, somebody, "ENTREGADO", "for "+ana, "12.30"), values(somebody, somebody, "ENTREGADO", "for "+anaNew, "12.30")},
	} {
		one := change.Change{Relation: c.relation, Op: change.Update, Row: slices.Clone(c.row), Version: change.Version{LSN: 7}, Committed: time.UnixMicro(5).UTC()}
		var e change.Encoder
		e.Add(&one)
		body := e.Body()
		was := slices.Clone(one.Row)
		theirs := p.EditChange(&one)
		if want := c.want; theirs != (want != nil) || theirs && !slices.EqualFunc(one.Row, want, sameValue) || !theirs && !slices.EqualFunc(one.Row, was, sameValue) {
			t.Errorf("%q became %q (%v), want %q", was, one.Row, theirs, want)
		}
		// A message that was set aside says the same.
		b, err := change.Decode(p.editMessage(body))
		if err != nil || len(b.Changes) != 1 || b.Changes[0].Version != one.Version || !slices.EqualFunc(b.Changes[0].Row, one.Row, sameValue) {
			t.Errorf("the message of %q: %+v, %v", was, b, err)
		}
	}
}

func sameValue(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }

// TestEditRejected: what is no text is looked into, too.
func TestEditRejected(t *testing.T) {
	p := someone()
	hidden := []byte("\xff\x00 " + ana + " \xfe")
	line := `{"reject_id":"` + somebody + `","raw_base64":"` + base64.StdEncoding.EncodeToString(hidden) + `"}`
	got, theirs := p.editRejected([]byte(line))
	want := strings.Replace(line, base64.StdEncoding.EncodeToString(hidden), base64.StdEncoding.EncodeToString([]byte("\xff\x00 "+anaNew+" \xfe")), 1)
	if !theirs || string(got) != want {
		t.Errorf("%s became %s", line, got)
	}
	if _, theirs := p.editRejected([]byte(`{"raw_base64":"AAAA"}`)); theirs {
		t.Error("somebody else's line is edited")
	}
}

func TestHoldingOf(t *testing.T) {
	for typ, want := range map[string]holding{
		"UUID": anID, "Nullable(UUID)": anID, "String": aText, "LowCardinality(String)": aText, "LowCardinality(Nullable(String))": aText, "FixedString(36)": aText,
		"Array(UUID)": inside, "Map(String, UInt8)": inside, "Tuple(a UUID, b UInt8)": inside, "JSON": inside, "Variant(UInt8, String)": inside,
		"UInt64": nothing, "DateTime64(3, 'UTC')": nothing, "Decimal(18, 2)": nothing, "Array(UInt8)": nothing, "AggregateFunction(sum, UInt64)": nothing,
		"AggregateFunction(uniqExact, UUID)": opaque, "AggregateFunction(groupArray, String)": opaque,
	} {
		if got := holdingOf(typ); got != want {
			t.Errorf("%s: %d, want %d", typ, got, want)
		}
	}
}
