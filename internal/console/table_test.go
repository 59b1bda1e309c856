package console

import (
	"bytes"
	"testing"
)

func sample() Table {
	return Table{
		Headers: []string{"store", "gmv"},
		Right:   []bool{false, true},
		Rows:    [][]string{{"Tienda Uno", "1,200.00"}, {"Óptica, Sur", "9.50"}, {"a|b", "1.00"}},
	}
}

func TestWriteTable(t *testing.T) {
	golden := map[string]string{
		"table":    " store             gmv \n───────────────────────\n Tienda Uno   1,200.00 \n Óptica, Sur      9.50 \n a|b              1.00 \n",
		"markdown": "| store       |      gmv |\n|:------------|---------:|\n| Tienda Uno  | 1,200.00 |\n| Óptica, Sur |     9.50 |\n| a\\|b        |     1.00 |\n",
		"csv":      "store,gmv\nTienda Uno,\"1,200.00\"\n\"Óptica, Sur\",9.50\na|b,1.00\n",
		"json":     "[\n  {\"store\": \"Tienda Uno\", \"gmv\": \"1,200.00\"},\n  {\"store\": \"Óptica, Sur\", \"gmv\": \"9.50\"},\n  {\"store\": \"a|b\", \"gmv\": \"1.00\"}\n]\n",
	}
	for format, want := range golden {
		var out bytes.Buffer
		if err := (&Console{Out: &out}).WriteTable(format, sample()); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("%s:\n%s\nwant\n%s\n%q", format, out.String(), want, out.String())
		}
	}
}

// TestFit cuts text, never figures, and only where the terminal is too narrow.
func TestFit(t *testing.T) {
	wide := Table{
		Headers: []string{"product", "city", "gmv"}, Right: []bool{false, false, true},
		Rows: [][]string{{"a product with a long name", "Guadalajara", "1,234,567.89"}},
	}
	for width, want := range map[int][]string{
		0:  {"a product with a long name", "Guadalajara", "1,234,567.89"},
		55: {"a product with a long name", "Guadalajara", "1,234,567.89"},
		45: {"a product with …", "Guadalajara", "1,234,567.89"},
		10: {"a produ…", "Guadala…", "1,234,567.89"},
	} {
		got := fit(wide, width).Rows[0]
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("width %d: %q, want %q", width, got, want)
				break
			}
		}
	}
}
