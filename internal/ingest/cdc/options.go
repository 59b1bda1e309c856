package cdc

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// Names where nothing is said.
const (
	DefaultSlot        = "tiendi"
	DefaultPublication = "tiendi"
)

// DefaultTables are the marketplace's.
func DefaultTables() []string {
	return []string{"users", "stores", "products", "orders", "order_items", "subscriptions"}
}

// Options say what to mirror, and where to.
type Options struct {
	URL string // postgres://user:password@host:5432/database
	// Tables are names, or schema.name; those without a schema are in public.
	Tables            []string
	Slot, Publication string

	Broker broker.Broker // has change.Topic already
	// Gone is closed when the log has ended for good: who is told to stop then does not
	// wait for its confirmations. It may be nil.
	Gone       <-chan struct{}
	Partitions int // of the topic
	State      checkpoint.Store
	Clock      func() time.Time
	Log        *slog.Logger
	Say        func(text string, args ...any) // told of what an operator wants to know

	// Anew removes the slot and what is known of it, and takes a new snapshot.
	Anew bool
	// Accept are tables whose columns may be dropped and retyped from here on.
	Accept []string

	Parallel   int   // chunks of the snapshot read at once
	ChunkBytes int64 // of a table in a chunk, about
}

const (
	defaultParallel   = 4
	defaultChunkBytes = 32 << 20
	maxTables         = 1000
)

// TableName is a table's.
type TableName struct{ Schema, Name string }

func (t TableName) String() string { return t.Schema + "." + t.Name }

// sql is the name as SQL has it.
func (t TableName) sql() string { return quoteName(t.Schema) + "." + quoteName(t.Name) }

// slotName is what PostgreSQL takes.
var slotName = lazyregexp.New(`^[a-z0-9_]{1,63}$`)

// settle fills in what was not said, and says what is wrong.
func (o *Options) settle() ([]TableName, error) {
	o.Slot, o.Publication = cmp.Or(o.Slot, DefaultSlot), cmp.Or(o.Publication, DefaultPublication)
	o.Parallel, o.ChunkBytes = cmp.Or(o.Parallel, defaultParallel), cmp.Or(o.ChunkBytes, defaultChunkBytes)
	if len(o.Tables) == 0 {
		o.Tables = DefaultTables()
	}
	if o.URL == "" {
		return nil, errors.New("cdc.url is missing: say where the source database is, postgres://user:password@host:5432/database")
	}
	if !slotName().MatchString(o.Slot) {
		return nil, fmt.Errorf("cdc.slot %q: PostgreSQL takes up to 63 small letters, digits and underscores", o.Slot)
	}
	tables, err := tableNames("cdc.tables", o.Tables)
	if err != nil {
		return nil, err
	}
	accepted, err := tableNames("--accept-schema", o.Accept)
	if err != nil {
		return nil, err
	}
	for _, t := range accepted {
		if !slices.Contains(tables, t) {
			return nil, fmt.Errorf("--accept-schema %s: it is none of the tables that are mirrored", t)
		}
	}
	return tables, nil
}

func tableNames(where string, texts []string) ([]TableName, error) {
	if len(texts) > maxTables {
		return nil, fmt.Errorf("%s: %d tables; use up to %d", where, len(texts), maxTables)
	}
	var all []TableName
	for _, text := range texts {
		schema, name, found := strings.Cut(text, ".")
		if !found {
			schema, name = "public", text
		}
		t := TableName{schema, name}
		switch {
		case schema == "" || name == "" || strings.ContainsAny(text, "\"\x00"):
			return nil, fmt.Errorf("%s: %q is no table: write name or schema.name", where, text)
		case slices.Contains(all, t):
			return nil, fmt.Errorf("%s: %s is there twice", where, t)
		}
		all = append(all, t)
	}
	return all, nil
}

// accepts says whether a table may lose columns.
func (o *Options) accepts(t TableName) bool {
	names, _ := tableNames("", o.Accept) // they were read before
	return slices.Contains(names, t)
}

func quoteName(name string) string { return pgx.Identifier{name}.Sanitize() }

// quoteText is a text as SQL has it; standard_conforming_strings is on in every session
// of ours.
func quoteText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
