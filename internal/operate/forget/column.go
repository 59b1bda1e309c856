package forget

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// holding is how a column can hold an id or a text.
type holding int

const (
	nothing holding = iota // numbers, times
	anID                   // UUID
	aText                  // String
	inside                 // an array, a map, a tuple, JSON: read and written as text
	opaque                 // the state of an aggregate, which cannot be looked into
)

// column is a column of a table of the warehouse.
type column struct {
	name, typ string
	how       holding
	inKey     bool // of sorting or partitions, so that it cannot be updated
	computed  bool // from others
}

// holdingOf reads a ClickHouse type.
func holdingOf(typ string) holding {
	bare := typ
	for _, wrapper := range []string{"LowCardinality(", "Nullable("} {
		if inner, ok := strings.CutPrefix(bare, wrapper); ok {
			bare = strings.TrimSuffix(inner, ")")
		}
	}
	has := func(name string) bool { return strings.Contains(bare, name) }
	switch {
	case bare == "UUID":
		return anID
	case bare == "String", strings.HasPrefix(bare, "FixedString("):
		return aText
	case strings.HasPrefix(bare, "AggregateFunction("):
		if has("UUID") || has("String") {
			return opaque
		}
		return nothing
	case has("UUID"), has("String"), has("JSON"), has("Variant("), has("Dynamic"), has("Object("):
		return inside
	}
	return nothing
}

// lists are the tables that statements find what is looked for in; names as SQL. No
// statement has an id in itself: a server's log of queries would keep it.
type lists struct {
	ids   string // kind, old, new: MergeTree
	byOld string // ids by their old text, with hyphens and without, database.table: Join
	texts string // texts by their old text: Join
	// needles is how many texts to look for ids has.
	needles int
}

// The ways in which an id is written; see eachPlainID of the second.
const (
	idPattern    = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
	plainPattern = "[0-9a-fA-F]{32}"
)

// maxNeedles is how many texts the server looks for at once.
const maxNeedles = 255

// text is the column as one.
func (c *column) text() string {
	name := warehouse.Ident(c.name)
	if c.how == aText && strings.Contains(c.typ, "Nullable(") {
		name = "ifNull(" + name + ", '')"
	}
	return "toString(" + name + ")"
}

// holds is the condition that the column holds something of theirs, "" for never.
func (c *column) holds(l *lists) string {
	switch c.how {
	case anID:
		return warehouse.Ident(c.name) + " IN (SELECT toUUID(old) FROM " + l.ids + " WHERE kind != 'text')"
	case aText, inside:
		// Most texts are too short for an id, and need not be searched.
		found := fmt.Sprintf("length(%[1]s) >= %[5]d AND arrayExists(x -> joinGet(%[2]s, 'new', lower(x)) != '', arrayConcat(extractAll(%[1]s, '%[3]s'), extractAll(%[1]s, '%[4]s')))",
			c.text(), warehouse.Literal(l.byOld), idPattern, plainPattern, plainLength)
		for from := 0; from < l.needles; from += maxNeedles {
			found += fmt.Sprintf(" OR multiSearchAnyCaseInsensitiveUTF8(%s, (SELECT groupArray(old) FROM (SELECT old FROM %s WHERE kind = 'text' ORDER BY old LIMIT %d OFFSET %d)))",
				c.text(), l.ids, maxNeedles, from)
		}
		return "(" + found + ")"
	}
	return ""
}

// edited is the column without what it holds of theirs, in a row that is; own is the
// condition that a row is about a person or what he did, "" for never, and cleared says
// that the column is emptied there.
func (c *column) edited(l *lists, own string, cleared bool) string {
	name := warehouse.Ident(c.name)
	sql := name
	switch c.how {
	case anID:
		zero := "toUUID('00000000-0000-0000-0000-000000000000')"
		to := "joinGet(" + warehouse.Literal(l.byOld) + ", 'new', toString(ifNull(" + name + ", " + zero + ")))"
		sql = "if(" + to + " != '', toUUIDOrZero(" + to + "), " + name + ")"
	case aText:
		to := "joinGet(" + warehouse.Literal(l.texts) + ", 'new', " + c.text() + ")"
		sql = "if(" + to + " != '', " + to + ", " + name + ")"
	case inside:
		to := "joinGet(" + warehouse.Literal(l.texts) + ", 'new', " + c.text() + ")"
		sql = c.read("if(" + to + " != '', " + to + ", " + c.text() + ")")
	}
	if cleared && own != "" {
		sql = "if(" + own + ", defaultValueOfTypeName(" + warehouse.Literal(c.typ) + "), " + sql + ")"
	}
	if sql == name {
		return name
	}
	return "CAST(" + sql + ", " + warehouse.Literal(c.typ) + ")"
}

// read is the column's value of a text. A map is only read within an array.
func (c *column) read(text string) string {
	if strings.HasPrefix(c.typ, "Map(") {
		return "CAST(concat('[', " + text + ", ']'), " + warehouse.Literal("Array("+c.typ+")") + ")[1]"
	}
	return "CAST(" + text + ", " + warehouse.Literal(c.typ) + ")"
}

// table is a table of the warehouse.
type table struct {
	database, name string
	engine, ddl    string
	columns        []column
	model          Model // the project's, zero for a table that others write to
	// changes are the columns that hold something that will be another: see fill.
	changes map[string]bool
}

func (t *table) sql() string { return warehouse.Ident(t.database) + "." + warehouse.Ident(t.name) }

func (t *table) String() string { return t.database + "." + t.name }

func (t *table) mergeTree() bool { return strings.HasSuffix(t.engine, "MergeTree") }

// holds is the condition that a row holds something of theirs, "" for never.
func (t *table) holds(l *lists, keysOnly bool) string {
	var any []string
	for i := range t.columns {
		c := &t.columns[i]
		if sql := c.holds(l); sql != "" && (c.inKey || !keysOnly) {
			any = append(any, sql)
		}
	}
	return strings.Join(any, " OR ")
}

// own is the condition that a row is about one of them, or of what he did.
func (t *table) own(l *lists) string {
	var any []string
	for _, c := range t.columns {
		if c.how == anID && slices.Contains(owners, c.name) {
			any = append(any, warehouse.Ident(c.name)+" IN (SELECT toUUID(old) FROM "+l.ids+" WHERE kind = 'user')")
		}
	}
	return strings.Join(any, " OR ")
}

// has gives a column by its name if it holds ids, nil for none.
func (t *table) has(name string) *column {
	for i := range t.columns {
		if c := &t.columns[i]; c.name == name && c.how == anID {
			return c
		}
	}
	return nil
}
