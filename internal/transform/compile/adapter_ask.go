package compile

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// askingAdapter are the methods that ask or change the warehouse.
func (s *scope) askingAdapter(name string) (func(*jinja.Call) (jinja.Value, error), bool) {
	methods := map[string]func(*jinja.Call) (jinja.Value, error){
		"get_relation":                   s.getRelation,
		"get_columns_in_relation":        s.getColumns,
		"get_column_schema_from_query":   s.getQueryColumns,
		"check_schema_exists":            s.schemaExists,
		"list_relations":                 s.listRelations,
		"list_relations_without_caching": s.listRelations,
		"list_schemas":                   s.listSchemas,
		"execute":                        s.execute,
		"run_query":                      s.execute,
		"create_schema":                  s.ddl("create database if not exists %s", false),
		"drop_schema":                    s.ddl("drop database if exists %s", false),
		"drop_relation":                  s.dropRelation,
		"truncate_relation":              s.ddl("truncate table %s", true),
		"rename_relation":                s.renameRelation,
		"expand_target_column_types":     func(*jinja.Call) (jinja.Value, error) { return jinja.None, nil },
		"is_before_version":              s.versionIs(func(c int) bool { return c < 0 }),
		"is_at_or_after_version":         s.versionIs(func(c int) bool { return c >= 0 }),
		"valid_incremental_strategies":   func(*jinja.Call) (jinja.Value, error) { return toValue(incrementalStrategies), nil },
		"calculate_incremental_strategy": calculateStrategy,
		"already_exists":                 s.alreadyExists,
	}
	call, ok := methods[name]
	return call, ok
}

var incrementalStrategies = []string{"append", "delete_insert", "insert_overwrite", "microbatch"}

func calculateStrategy(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "adapter.calculate_incremental_strategy", "strategy")
	if err != nil {
		return nil, err
	}
	strategy := textOr(a[0], "")
	if strategy == "" || strategy == "default" {
		strategy = "delete_insert"
	}
	return jinja.Str(strings.ReplaceAll(strategy, "+", "_")), nil
}

// relationArgument is a relation handed to a method of adapter.
func relationArgument(c *jinja.Call, method string, i int) (*relation, error) {
	var v jinja.Value
	if i < len(c.Args) {
		v = c.Args[i]
	} else if i < len(c.Args)+len(c.Kwargs) {
		v = c.Kwargs[i-len(c.Args)].Value
	}
	if r, ok := v.(*relation); ok {
		return r, nil
	}
	return nil, failure("hand it ref(…), source(…), this or what adapter.get_relation gives", "adapter.%s needs a relation, not %s", method, describe(v))
}

// relationKinds maps ClickHouse's engines to dbt's types; all others are tables.
var relationKinds = map[string]string{"MaterializedView": "materialized_view", "View": "view", "Dictionary": "dictionary"}

// getRelation is adapter.get_relation(database, schema, identifier).
func (s *scope) getRelation(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "adapter.get_relation", "database", "schema", "identifier", "needs_information")
	if err != nil {
		return nil, err
	}
	schema, identifier := textOr(a[1], ""), textOr(a[2], "")
	found, err := s.query("select engine from system.tables where database = " + warehouse.Literal(schema) +
		" and name = " + warehouse.Literal(identifier))
	if err != nil || len(found.rows) == 0 {
		return jinja.None, err
	}
	return existing(schema, identifier, plainText(found.rows[0].values[0])), nil
}

func existing(schema, identifier, engine string) *relation {
	kind, ok := relationKinds[engine]
	if !ok {
		kind = "table"
	}
	return &relation{schema: schema, identifier: identifier, kind: kind}
}

func (s *scope) alreadyExists(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "adapter.already_exists", "schema", "identifier")
	if err != nil {
		return nil, err
	}
	found, err := s.query("select 1 from system.tables where database = " + warehouse.Literal(textOr(a[0], "")) +
		" and name = " + warehouse.Literal(textOr(a[1], "")))
	if err != nil {
		return nil, err
	}
	return jinja.Bool(len(found.rows) > 0), nil
}

func (s *scope) getColumns(c *jinja.Call) (jinja.Value, error) {
	r, err := relationArgument(c, "get_columns_in_relation", 0)
	if err != nil {
		return nil, err
	}
	where := " where table = " + warehouse.Literal(r.identifier)
	if r.schema != "" && !r.temporary {
		where += " and database = " + warehouse.Literal(r.schema)
	}
	return s.columnList("select name, type from system.columns" + where + " order by position")
}

// columnList is a query whose first columns are names and types, as a list of
// columns.
func (s *scope) columnList(sql string) (jinja.Value, error) {
	found, err := s.query(sql)
	if err != nil {
		return nil, err
	}
	columns := make([]jinja.Value, len(found.rows))
	for i, r := range found.rows {
		columns[i] = newColumn(plainText(r.values[0]), plainText(r.values[1]))
	}
	return jinja.NewList(columns...), nil
}

func (s *scope) getQueryColumns(c *jinja.Call) (jinja.Value, error) {
	if len(c.Args) == 0 {
		return nil, failure("", "adapter.get_column_schema_from_query needs a query")
	}
	return s.columnList("describe (\n" + plainText(c.Args[0]) + "\n)")
}
