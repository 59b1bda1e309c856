package load

import (
	"slices"
	"strconv"
)

// Kind says how a value is read from text and stored.
type Kind uint8

// The kinds of values that raw tables have.
const (
	UUID     Kind = iota
	Text          // String, any length
	Category      // LowCardinality(String)
	Time          // DateTime64(3, 'UTC')
	Decimal       // Decimal(Precision, Scale)
	Int           // Int32
	Object        // a JSON object, kept as its bytes in a String
	Position      // UInt64
	Flag          // UInt8: 1, or 0 for no text
)

// Column is one column of a raw table and where its value comes from.
type Column struct {
	Name             string
	Kind             Kind
	Precision, Scale int  // of Decimal
	Nullable         bool // an empty value is NULL
	Required         bool // a row without a value is rejected

	// Path is the dotted path of the value in a JSON row and the name of the
	// column in CSV and Parquet; "" where no file has it and the loader makes it.
	Path string

	// Derived columns follow from the others, if only where a file leaves them
	// empty. A row is not known again by them: they read otherwise once the
	// country file or the project's bots are other ones.
	Derived bool
}

// Type is the column's type as ClickHouse writes it.
func (c Column) Type() string {
	t := c.bareType()
	if c.Nullable {
		return "Nullable(" + t + ")"
	}
	return t
}

func (c Column) bareType() string {
	switch c.Kind {
	case UUID:
		return "UUID"
	case Category:
		return "LowCardinality(String)"
	case Time:
		return "DateTime64(3, 'UTC')"
	case Decimal:
		return "Decimal(" + strconv.Itoa(c.Precision) + ", " + strconv.Itoa(c.Scale) + ")"
	case Int:
		return "Int32"
	case Position:
		return "UInt64"
	case Flag:
		return "UInt8"
	}
	return "String"
}

// Table describes a raw table: which files belong to it, what their columns
// are, and how a row is known again.
type Table struct {
	Name string // of the raw table and of the model that creates it
	File string // what its files are called: "orders" for orders-2024.csv.gz

	// Columns are those of the raw table that the loader fills, without the
	// arrival columns _batch, _position and ingested_at that all tables have.
	Columns []Column

	// Key names the columns that say which thing a row is about. State says that
	// later rows of a key replace earlier ones: the last row of a newer file must
	// then count as the newest, even if the table had the same row before.
	Key   []string
	State bool

	// Expires names the time that ttl_years counts from, "" for no limit.
	Expires string

	events bool // rows are events and follow the event contract
}

// named is the index of the column that a file's column belongs to, by its path
// in a JSON row or its name in the table; -1 for none.
func (t *Table) named(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Path == name || c.Path != "" && c.Name == name })
}

// Arrival columns, which every raw table ends with.
const (
	colBatch    = "_batch"
	colPosition = "_position"
	colIngested = "ingested_at"
)

// index is the place of a column that must be there.
func (t *Table) index(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}
