package compile

import (
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// row is one row: a sequence of values that also knows them by column.
type row struct {
	names  []string
	values []jinja.Value
}

func iterate(items []jinja.Value) func() (jinja.Value, bool) {
	i := -1
	return func() (jinja.Value, bool) {
		i++
		if i >= len(items) {
			return nil, false
		}
		return items[i], true
	}
}

func tupleOf(names []string) jinja.Value {
	values := make([]jinja.Value, len(names))
	for i, n := range names {
		values[i] = jinja.Str(n)
	}
	return jinja.NewTuple(values...)
}

// index turns a subscript into a position; negative ones count from the end.
func index(key jinja.Value, n int) (int, bool) {
	i, ok := key.(jinja.Int)
	if !ok {
		return 0, false
	}
	at := int(i)
	if at < 0 {
		at += n
	}
	return at, at >= 0 && at < n
}
