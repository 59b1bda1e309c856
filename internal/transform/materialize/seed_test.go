package materialize

import (
	"fmt"
	"strings"
	"testing"
)

func TestSeedTypes(t *testing.T) {
	for values, want := range map[string]string{
		"1|2|": "Int32 1|2|", "1,000|$2.50|-3%": "Float64 1000|2.5|-3", "007|null": "Int32 7|", "1e3": "Int32 1000",
		"3000000000": "Int64 3000000000", "99999999999999999999": "Float64 99999999999999999999",
		"2024-01-02|2024-1-3": "Date 2024-01-02|2024-01-03", "1901-01-01": "Date32 1901-01-01",
		"2024-01-02 03:04:05": "DateTime 2024-01-02 03:04:05", "2024-01-02T03:04:05+02:00": "DateTime 2024-01-02 01:04:05",
		"2200-01-01 00:00:00": "DateTime64(0) 2200-01-01 00:00:00",
		"true|FALSE":          "Bool true|false", "yes|no": "String yes|no", "1|a": "String 1|a", "|": "Int32 |", "2024-13-01": "String 2024-13-01",
		" a ": "String  a ",
	} {
		var csv strings.Builder
		csv.WriteString("x,y\n")
		for _, v := range strings.Split(values, "|") {
			fmt.Fprintf(&csv, "\"%s\",0\n", v)
		}
		data, err := ReadSeed(strings.NewReader(csv.String()), SeedSpec{Delimiter: ','})
		if err != nil {
			t.Errorf("%s: %v", values, err)
			continue
		}
		var got []string
		for _, row := range data.Rows {
			got = append(got, row[0])
		}
		if text := data.Columns[0].Type + " " + strings.Join(got, "|"); text != want {
			t.Errorf("%s: %q, want %q", values, text, want)
		}
	}
}

func TestReadSeedRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":           "empty",
		"a,a\n1,2\n": `"a"`,
		"a,\n1,2\n":  "column 2",
		"a,b\n1\n":   "line 2",
		"a\n\"x\n":   "line 2",
	} {
		if _, err := ReadSeed(strings.NewReader(text), SeedSpec{Delimiter: ','}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	spec := SeedSpec{Delimiter: ',', ColumnTypes: map[string]string{"b": "String"}}
	if _, err := ReadSeed(strings.NewReader("a\n1\n"), spec); err == nil {
		t.Error("column_types of a missing column taken")
	}
}

func FuzzReadSeed(f *testing.F) {
	for _, text := range []string{"a,b\n1,x\n", "a\n\"q\"\"q\"\n", "a;b\n1;2", "\ufeffa\n2024-01-01\n", "a\n1e999999999\n", "a\n$\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		data, err := ReadSeed(strings.NewReader(text), SeedSpec{Delimiter: ','})
		if err != nil {
			return
		}
		for _, c := range data.Columns {
			if c.Type == "" {
				t.Errorf("column %s has no type", c.Name)
			}
		}
		for rows := data.Rows; len(rows) > 0; {
			_, rows = csvChunk(rows)
		}
	})
}
