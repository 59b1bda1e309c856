package clickhouse

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// tokenWindow is how many parts a table remembers the tokens of, as the raw models
// set it.
const tokenWindow = 10000

// tableInfo is a table that inserts come to, at once or through a view.
type tableInfo struct{ database, name, engine, clause string }

// rememberTokens sets the deduplication window of a table, and of all that its
// materialized views fill, where it is off, as it is in tables that others made. It
// returns the table itself.
func rememberTokens(ctx context.Context, o Options, table string) (first tableInfo, err error) {
	queue := []tableInfo{{database: o.Database, name: table}}
	seen := map[tableInfo]bool{}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		if seen[t] {
			continue
		}
		seen[t] = true
		targets, err := describe(ctx, o.Warehouse, &t)
		if err != nil {
			return first, err
		}
		if first.name == "" {
			first = t
		}
		queue = append(queue, targets...)
		setting := t.forgetful()
		if setting == "" {
			continue
		}
		o.Logger.InfoContext(ctx, "table did not remember inserts, and does now", "table", t.database+"."+t.name, "setting", setting, "value", tokenWindow)
		if _, err := o.Warehouse.Exec(ctx, fmt.Sprintf("ALTER TABLE %s MODIFY SETTING %s = %d", qualified(t.database, t.name), setting, tokenWindow)); err != nil {
			return first, fmt.Errorf("let %s.%s remember inserts: %w", t.database, t.name, err)
		}
	}
	return first, nil
}

// forgetful names the setting that the table needs to remember tokens, "" if it
// does. Engines that replicate have another one, which is on unless somebody
// turned it off.
func (t tableInfo) forgetful() string {
	if !strings.HasSuffix(t.engine, "MergeTree") {
		return ""
	}
	setting, on := "non_replicated_deduplication_window", false
	if t.replicates() {
		setting, on = "replicated_deduplication_window", true
	}
	if m := regexp.MustCompile(`\b` + setting + ` = (\d+)`).FindStringSubmatch(t.clause); m != nil {
		on = m[1] != "0"
	}
	if on {
		return ""
	}
	return setting
}

func (t tableInfo) replicates() bool {
	return strings.HasPrefix(t.engine, "Replicated") || strings.HasPrefix(t.engine, "Shared")
}

// describe completes t and returns the targets of the views that read it.
func describe(ctx context.Context, w Warehouse, t *tableInfo) (targets []tableInfo, err error) {
	where := " FROM system.tables WHERE database = " + warehouse.Literal(t.database) + " AND name = " + warehouse.Literal(t.name)
	found := false
	err = each(ctx, w, "SELECT engine, engine_full"+where, func(rows *warehouse.Rows) error {
		found = true
		return rows.Scan(&t.engine, &t.clause)
	})
	if err == nil && !found {
		err = fmt.Errorf("there is no table %s.%s", t.database, t.name)
	}
	if err != nil {
		return nil, err
	}
	views := "SELECT database, toString(uuid), create_table_query FROM system.tables WHERE engine = 'MaterializedView' AND (database, name) IN " +
		"(SELECT arrayJoin(arrayZip(dependencies_database, dependencies_table))" + where + ")"
	err = each(ctx, w, views, func(rows *warehouse.Rows) error {
		var database, id, ddl string
		if err := rows.Scan(&database, &id, &ddl); err != nil {
			return err
		}
		targets = append(targets, targetOf(database, id, ddl))
		return nil
	})
	return targets, err
}

var viewTarget = lazyregexp.New("^CREATE MATERIALIZED VIEW [^(]*? TO (?:`([^`]+)`|(\\w+))\\.(?:`([^`]+)`|(\\w+))")

// targetOf is the table that a view fills: the one that it names, or its own.
func targetOf(database, id, ddl string) tableInfo {
	if m := viewTarget().FindStringSubmatch(ddl); m != nil {
		return tableInfo{database: m[1] + m[2], name: m[3] + m[4]}
	}
	return tableInfo{database: database, name: ".inner_id." + id}
}

// each calls f with every row that a statement gives.
func each(ctx context.Context, w Warehouse, sql string, f func(*warehouse.Rows) error) error {
	rows, err := w.Query(ctx, sql)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
