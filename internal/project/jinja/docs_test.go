package jinja

import (
	"fmt"
	"strings"
	"testing"
)

func TestDocs(t *testing.T) {
	docs, err := Docs("docs/all.md", "# {{ not closed\n{% docs orders %}\nAll `{{ orders }}` {% of %} them\n{% enddocs %}\n{# {% docs no %}x{% enddocs %} #}\n {%- docs b -%}B{%- enddocs -%} {% if x %}")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range docs {
		got = append(got, fmt.Sprintf("%s %s %q", d.Name, d.Place, d.Contents))
	}
	want := "orders docs/all.md:2:1 \"\\nAll `{{ orders }}` {% of %} them\\n\"\nb docs/all.md:6:2 \"B\""
	if strings.Join(got, "\n") != want {
		t.Fatalf("%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if _, err = Docs("a.md", "\n{% docs x %} text"); err == nil || !strings.HasPrefix(err.Error(), "a.md:2:1: ") {
		t.Fatal(err)
	}
}
