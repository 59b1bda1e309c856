package load

import (
	"path/filepath"
	"slices"
	"strings"
)

// belongs finds the table of a file by its name; where that says nothing, by its
// columns; and by its folder's name where the columns fit that table. nil if
// none does.
func belongs(path string, columns []string, tables []*Table) *Table {
	if t := byName(filepath.Base(path), tables); t != nil {
		return t
	}
	if t := byColumns(columns, tables); t != nil {
		return t
	}
	if t := byName(filepath.Base(filepath.Dir(path)), tables); t != nil && len(t.missing(columns)) == 0 {
		return t
	}
	return nil
}

// byName finds the table with the longest name that name begins with:
// order_items-2024.csv is order_items', not orders'.
func byName(name string, tables []*Table) (best *Table) {
	for _, t := range tables {
		if hasName(strings.ToLower(name), t.File) && (best == nil || len(t.File) > len(best.File)) {
			best = t
		}
	}
	return best
}

// hasName says whether name is file, alone or with something after it that is
// no letter: orders.csv, orders-2024-01.csv, orders_raw.csv.
func hasName(name, file string) bool {
	rest, ok := strings.CutPrefix(name, file)
	return ok && (rest == "" || strings.HasPrefix(rest, "_raw") || !strings.ContainsAny(rest[:1], "_abcdefghijklmnopqrstuvwxyz"))
}

// byColumns finds the table that has all columns of the file and whose required
// ones are all among them; of several, the one that requires most.
func byColumns(names []string, tables []*Table) *Table {
	var best *Table
	most := 0
	for _, t := range tables {
		if n := t.required(); len(t.missing(names)) == 0 && len(t.unknown(names)) == 0 && n > most {
			best, most = t, n
		}
	}
	return best
}

// missing lists the required columns that names does not have.
func (t *Table) missing(names []string) (missing []string) {
	for _, c := range t.Columns {
		if c.Required && !slices.Contains(names, c.Path) && !slices.Contains(names, c.Name) {
			missing = append(missing, c.Path)
		}
	}
	return missing
}

// unknown lists the names that the table has no column for. A name counts as
// known when it leads to one: context, for context.ip.
func (t *Table) unknown(names []string) (unknown []string) {
	for _, name := range names {
		leads := slices.ContainsFunc(t.Columns, func(c Column) bool { return strings.HasPrefix(c.Path, name+".") })
		if t.named(name) < 0 && !leads {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

func (t *Table) required() (n int) {
	for _, c := range t.Columns {
		if c.Required {
			n++
		}
	}
	return n
}
