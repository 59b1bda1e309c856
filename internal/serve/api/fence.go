package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// dataFor is how long the state of the tables is believed: what a run has changed is seen
// after that at the latest.
const dataFor = time.Second

// data is what the warehouse has, as far as answers depend on it.
type data struct {
	version string
	byStore []string // tables with a column store_id
	other   []string
}

// tables watches those that answers of a kind come from.
type tables struct {
	options *Options
	names   []string

	mu    sync.Mutex
	last  data
	asked time.Time
}

// now is their state, at most dataFor old.
func (t *tables) now(ctx context.Context) (data, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.options.Clock()
	if t.last.version != "" && now.Sub(t.asked) < dataFor {
		return t.last, nil
	}
	d, err := t.ask(ctx)
	if err != nil {
		return data{}, failed(http.StatusServiceUnavailable, "the warehouse does not answer now", err)
	}
	t.last, t.asked = d, now
	return d, nil
}

// ask reads the columns, and a hash of the parts that are active: every insert, swap and
// drop changes it. Merges do, too, which costs a question more and no more.
func (t *tables) ask(ctx context.Context) (d data, err error) {
	names := make([]string, len(t.names))
	for i, name := range t.names {
		names[i] = warehouse.Literal(name)
	}
	within := fmt.Sprintf("database = %s AND table IN (%s)", warehouse.Literal(t.options.Database), strings.Join(names, ", "))
	rows, err := t.options.Warehouse.Query(ctx, `
SELECT table, max(name = 'store_id') AS by_store,
	(SELECT toString(groupBitXor(cityHash64(table, name, modification_time))) FROM system.parts WHERE active AND `+within+`) AS version
FROM system.columns WHERE `+within+` GROUP BY table ORDER BY table`)
	if err != nil {
		return d, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		var byStore uint8
		if err := rows.Scan(&name, &byStore, &d.version); err != nil {
			return d, err
		}
		if byStore == 1 {
			d.byStore = append(d.byStore, name)
		} else {
			d.other = append(d.other, name)
		}
	}
	if err := rows.Err(); err != nil {
		return d, err
	}
	if d.version == "" {
		return d, fmt.Errorf("database %s has none of the tables that answers come from: tiendi build makes them", t.options.Database)
	}
	return d, nil
}

// fence are the settings of a question: its bounds, and, where it is one of a vendor, the
// rows that any reading of a table gets at all. The engine adds that condition wherever
// it reads the table, views included, whatever the SQL says.
func (s *Server) fence(d data, stores []event.ID) warehouse.Option {
	settings := map[string]any{
		"readonly": 2, "max_execution_time": s.limits.Duration.Seconds(), "max_memory_usage": s.limits.Memory,
		"max_result_rows": 0, "timeout_overflow_mode": "throw",
	}
	if stores != nil {
		settings["additional_table_filters"] = filters(s.options.Database, d, s.options.Shared, stores)
	}
	return warehouse.WithSettings(settings)
}

// filters is the setting's value: tables with a store_id show the rows of these stores,
// others none at all, but for those that are everybody's.
func filters(database string, d data, shared []string, stores []event.ID) string {
	ids := make([]string, len(stores))
	for i, id := range stores {
		ids[i] = "'" + id.String() + "'"
	}
	own := "0"
	if len(ids) > 0 {
		own = "store_id IN (" + strings.Join(ids, ",") + ")"
	}
	var b strings.Builder
	add := func(tables []string, condition string) {
		for _, name := range tables {
			if condition == "0" && slices.Contains(shared, name) {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte(',')
			}
			b.WriteString(warehouse.Literal(database+"."+name) + ":" + warehouse.Literal(condition))
		}
	}
	add(d.byStore, own)
	add(d.other, "0")
	return "{" + b.String() + "}"
}
