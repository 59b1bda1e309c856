package compile

import (
	"github.com/tiendi/tiendi/internal/project/jinja"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// getMissingColumns gives the columns that the second relation lacks.
func (s *scope) getMissingColumns(c *jinja.Call) (jinja.Value, error) {
	if !s.executing() {
		return jinja.NewList(), nil
	}
	have := map[string]bool{}
	var from *jinja.List
	for i := 1; i >= 0; i-- {
		r, err := relationArgument(c, "get_missing_columns", i)
		if err != nil {
			return nil, err
		}
		found, err := s.getColumns(&jinja.Call{Args: []jinja.Value{r}})
		if err != nil {
			return nil, err
		}
		from, _ = found.(*jinja.List)
		if i == 1 {
			for _, item := range from.Items {
				have[item.(*column).name] = true
			}
		}
	}
	missing := jinja.NewList()
	for _, item := range from.Items {
		if !have[item.(*column).name] {
			missing.Items = append(missing.Items, item)
		}
	}
	return missing, nil
}

func (s *scope) schemaExists(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "adapter.check_schema_exists", "database", "schema")
	if err != nil {
		return nil, err
	}
	found, err := s.query("select 1 from system.databases where name = " + warehouse.Literal(textOr(a[1], "")))
	if err != nil {
		return nil, err
	}
	return jinja.Bool(len(found.rows) > 0), nil
}

func (s *scope) listSchemas(*jinja.Call) (jinja.Value, error) {
	found, err := s.query("select name from system.databases order by name")
	if err != nil {
		return nil, err
	}
	names := jinja.NewList()
	for _, r := range found.rows {
		names.Items = append(names.Items, r.values[0])
	}
	return names, nil
}

func (s *scope) listRelations(c *jinja.Call) (jinja.Value, error) {
	schema := s.options.Target.Schema
	for _, v := range append(append([]jinja.Value(nil), c.Args...), kwargValues(c)...) {
		switch v := v.(type) {
		case *relation:
			schema = v.schema
		case jinja.Str:
			if v != "" {
				schema = string(v)
			}
		}
	}
	found, err := s.query("select name, engine from system.tables where database = " + warehouse.Literal(schema) + " order by name")
	if err != nil {
		return nil, err
	}
	list := jinja.NewList()
	for _, r := range found.rows {
		list.Items = append(list.Items, existing(schema, plainText(r.values[0]), plainText(r.values[1])))
	}
	return list, nil
}

func kwargValues(c *jinja.Call) []jinja.Value {
	out := make([]jinja.Value, len(c.Kwargs))
	for i, k := range c.Kwargs {
		out[i] = k.Value
	}
	return out
}
