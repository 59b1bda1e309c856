package materialize

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Surroundings are what a run finds before it begins, by one query.
type Surroundings struct {
	Databases map[string]bool // which of the asked for exist
	Relations map[project.Relation]*Found
	Temporary []Temporary
}

// Temporary is a temporary relation of some run.
type Temporary struct {
	Name    project.Relation
	Run     string
	Kind    string        // run (a lease), hold or tmp
	Age     time.Duration // since it was made or last renewed, by the server's clock
	Comment string
}

// Look finds the named relations and what runs have left or are using beside
// them. It asks for these names only: printing a table's definition costs the
// server time.
func Look(ctx context.Context, w Warehouse, names []project.Relation) (*Surroundings, error) {
	s := &Surroundings{Databases: map[string]bool{}, Relations: map[project.Relation]*Found{}}
	if len(names) == 0 {
		return s, nil
	}
	rows, err := queryStrings(ctx, w, lookSQL(names))
	if err != nil {
		return nil, fmt.Errorf("look up relations: %w", err)
	}
	for _, row := range rows {
		if row[1] == "" {
			s.Databases[row[0]] = true
			continue
		}
		name := project.Relation{Schema: row[0], Identifier: row[1]}
		if t, ok := temporaryOf(name, row[3], row[4]); ok {
			s.Temporary = append(s.Temporary, t)
			continue
		}
		s.Relations[name] = &Found{Name: name, Engine: row[2]}
	}
	return s, nil
}

func lookSQL(names []project.Relation) string {
	var schemas, identifiers []string
	for _, n := range names {
		schemas = append(schemas, warehouse.Literal(n.Schema))
		identifiers = append(identifiers, warehouse.Literal(n.Identifier))
	}
	slices.Sort(schemas)
	slices.Sort(identifiers)
	in := strings.Join(slices.Compact(schemas), ", ")
	return fmt.Sprintf(`SELECT name, '' AS relation, '' AS engine, '' AS comment, '' AS age FROM system.databases WHERE name IN (%s)
UNION ALL
SELECT database, name, engine, comment, toString(dateDiff('second', metadata_modification_time, now())) FROM system.tables
WHERE database IN (%s) AND (name IN (%s) OR startsWith(name, '%s'))`,
		in, in, strings.Join(slices.Compact(identifiers), ", "), temporaryPrefix)
}

func temporaryOf(name project.Relation, comment, age string) (Temporary, bool) {
	kind, run, ok := owner(name.Identifier)
	if !ok {
		return Temporary{}, false
	}
	// The server prints ages; an unreadable one counts as fresh.
	seconds, err := strconv.Atoi(age)
	if err != nil {
		seconds = 0
	}
	return Temporary{Name: name, Run: run, Kind: kind, Comment: comment, Age: time.Duration(seconds) * time.Second}, true
}

// closeSQL asks for everything that changing one relation needs to know, and
// for the tickets of all runs that want it.
func closeSQL(name project.Relation) string {
	return fmt.Sprintf(`SELECT * FROM (
SELECT 'relation' AS what, name, engine, toString(uuid) AS uuid, partition_key,
    toString(match(create_table_query, '[(,]\\s*PROJECTION ')) AS projections,
    arrayStringConcat(arrayMap((d, t) -> d || '.' || t, dependencies_database, dependencies_table), '\n') AS dependents, 0 AS position
FROM system.tables WHERE database = %[1]s AND (name = %[2]s OR startsWith(name, %[3]s))
UNION ALL
SELECT 'column', name, type, default_kind, '', '', '', position
FROM system.columns WHERE database = %[1]s AND table = %[2]s
) ORDER BY what, position`, warehouse.Literal(name.Schema), warehouse.Literal(name.Identifier), warehouse.Literal(ticketPrefix(name)))
}

// lookClosely finds one relation with its columns (nil when it is not there),
// and the runs that hold or want it.
func lookClosely(ctx context.Context, w Warehouse, name project.Relation) (*Found, []string, error) {
	rows, err := queryStrings(ctx, w, closeSQL(name))
	if err != nil {
		return nil, nil, fmt.Errorf("look up %s: %w", Quote(name), err)
	}
	var found *Found
	var columns []Column
	var runs []string
	for _, row := range rows {
		switch {
		case row[0] == "column":
			columns = append(columns, Column{Name: row[1], Type: row[2], Default: row[3]})
		case row[1] == name.Identifier:
			found = &Found{Name: name, Engine: row[2], UUID: row[3], PartitionKey: row[4], Projections: row[5] == "1"}
			if row[6] != "" {
				found.Dependents = strings.Split(row[6], "\n")
			}
		default:
			if _, run, ok := owner(row[1]); ok {
				runs = append(runs, run)
			}
		}
	}
	if found != nil {
		found.Columns = columns
	}
	return found, runs, nil
}

// LookAt finds one relation with its columns, nil when it is not there.
func LookAt(ctx context.Context, w Warehouse, name project.Relation) (*Found, error) {
	found, _, err := lookClosely(ctx, w, name)
	return found, err
}
