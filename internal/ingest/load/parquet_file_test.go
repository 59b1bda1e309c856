package load

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// file is some rows as NDJSON and as they are to be written as Parquet.
type file struct {
	table  *Table
	rows   int
	about  string
	group  parquet.Group
	json   strings.Builder
	stored []parquet.Row
	styles map[string]style // by the column's path
	nested bool             // what has a dot in its path lies in a group that may be NULL
}

// randomFile makes rows of which few are bad, and those in one column.
func randomFile(rng *rand.Rand, table *Table) *file {
	f := &file{table: table, rows: 1 + rng.IntN(3000), group: parquet.Group{}, styles: map[string]style{}, nested: rng.IntN(2) == 0}
	for _, c := range table.Columns {
		if c.Path == "" || c.Path == "properties.store_id" {
			continue
		}
		all := styles(c)
		s := all[rng.IntN(len(all))]
		f.styles[c.Path] = s
		node := encoded(rng, s.node)
		if rng.IntN(2) == 0 {
			node = parquet.Optional(node)
		}
		f.about += fmt.Sprintf("%s: %s, optional %v, %v\n", c.Path, node.Type(), node.Optional(), node.Encoding())
		f.group[c.Path] = node
	}
	few := pools(rng, f)
	for range f.rows {
		f.add(rng, few)
	}
	return f
}

// encoded picks one of the encodings that fit the type.
func encoded(rng *rand.Rand, node parquet.Node) parquet.Node {
	var fit []encoding.Encoding
	for _, e := range []encoding.Encoding{
		&parquet.Plain, &parquet.RLEDictionary, &parquet.DeltaBinaryPacked, &parquet.DeltaLengthByteArray, &parquet.DeltaByteArray, &parquet.ByteStreamSplit,
	} {
		if canEncode(e, node.Type().Kind()) {
			fit = append(fit, e)
		}
	}
	return parquet.Encoded(node, fit[rng.IntN(len(fit))])
}

func canEncode(e encoding.Encoding, kind parquet.Kind) bool {
	switch e {
	case &parquet.DeltaBinaryPacked:
		return kind == parquet.Int32 || kind == parquet.Int64
	case &parquet.DeltaLengthByteArray:
		return kind == parquet.ByteArray
	case &parquet.DeltaByteArray:
		return kind == parquet.ByteArray || kind == parquet.FixedLenByteArray
	case &parquet.ByteStreamSplit:
		return kind == parquet.Int32 || kind == parquet.Int64
	}
	return true
}

// pools are some values for each column, which repeat as real ones do. The last
// of each does not fit where there is such a value.
func pools(rng *rand.Rand, f *file) map[string][]sample {
	few := map[string][]sample{}
	for _, path := range slices.Sorted(maps.Keys(f.styles)) {
		for range 1 + rng.IntN(300) {
			few[path] = append(few[path], f.make(rng, path, false))
		}
		few[path] = append(few[path], f.make(rng, path, true))
	}
	return few
}

func (f *file) make(rng *rand.Rand, path string, bad bool) sample {
	switch {
	case path == "event_type" && bad:
		return textValue("page_wiew")
	case path == "event_type":
		return textValue([]string{"page_view", "product_viewed", "payment_succeeded", "api_request"}[rng.IntN(4)])
	case path == "context.device_type" && bad:
		return textValue("fridge")
	case path == "context.device_type":
		return textValue([]string{"", "mobile", "desktop", "tablet"}[rng.IntN(4)])
	case path == "properties":
		return propertiesSample(rng, bad)
	case path == "context.ip" && !bad:
		return textValue(fmt.Sprintf("198.51.%d.%d", rng.IntN(256), rng.IntN(256)))
	}
	return f.styles[path].make(rng, bad)
}

func propertiesSample(rng *rand.Rand, bad bool) sample {
	text := []string{
		`{}`, `{"store_id":null}`, `{"n":[1,{"x":2.5}],"store_id":"0c9d3b1e-0000-4000-8000-00000000000%d"}`,
		`{"store_id":"\u0030c9d3b1e-0000-4000-8000-00000000000%d","ñ":"\ud83d\ude00"}`,
	}[rng.IntN(4)]
	if bad {
		text = []string{`{"a":1,}`, `{"store_id":"acme"}`, `{"store_id":7}`, `{"a":"` + "\xff" + `"}`}[rng.IntN(4)]
	}
	text = strings.ReplaceAll(text, "%d", fmt.Sprint(rng.IntN(10)))
	return sample{text, parquet.ByteArrayValue([]byte(text))}
}

// add makes one row. At most one of its values is bad or not there, so that
// there is but one thing to tell of it.
func (f *file) add(rng *rand.Rand, few map[string][]sample) {
	paths := slices.Sorted(maps.Keys(f.styles))
	odd := ""
	if rng.IntN(20) == 0 {
		odd = paths[rng.IntN(len(paths))]
	}
	fields := map[string]string{}
	var row parquet.Row
	for i, path := range paths {
		pool := few[path]
		s := pool[rng.IntN(len(pool)-1)]
		node := f.group[path]
		absent := strings.Count(path, ".")
		if !f.nested {
			absent = 0
		}
		present := absent
		if node.Optional() {
			present++
		}
		if path == odd && (!node.Optional() || rng.IntN(2) == 0) {
			s = pool[len(pool)-1]
		} else if path == odd {
			s, present = sample{"null", parquet.NullValue()}, absent
		}
		fields[path] = s.json
		row = append(row, s.value.Level(0, present, i))
	}
	f.stored = append(f.stored, row)
	f.json.WriteString(object(fields) + "\n")
}

// schema is that of the file.
func (f *file) schema() *parquet.Schema {
	group := parquet.Group{}
	inner := map[string]parquet.Group{}
	for path, node := range f.group {
		outer, name, dotted := strings.Cut(path, ".")
		if !dotted || !f.nested {
			group[path] = node
			continue
		}
		if inner[outer] == nil {
			inner[outer] = parquet.Group{}
		}
		inner[outer][name] = node
	}
	for outer, members := range inner {
		group[outer] = parquet.Optional(members)
	}
	return parquet.NewSchema("rows", group)
}

// object writes fields as JSON, those with dots as objects of their own.
func object(fields map[string]string) string {
	inner := map[string]map[string]string{}
	var members []string
	for _, path := range slices.Sorted(maps.Keys(fields)) {
		if outer, name, nested := strings.Cut(path, "."); nested {
			if inner[outer] == nil {
				inner[outer] = map[string]string{}
			}
			inner[outer][name] = fields[path]
			continue
		}
		members = append(members, quoted(path)+":"+fields[path])
	}
	for _, outer := range slices.Sorted(maps.Keys(inner)) {
		members = append(members, quoted(outer)+":"+object(inner[outer]))
	}
	return "{" + strings.Join(members, ",") + "}"
}
