package compile

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// ddl runs a statement about one relation.
func (s *scope) ddl(format string, whole bool) func(*jinja.Call) (jinja.Value, error) {
	return func(c *jinja.Call) (jinja.Value, error) {
		r, err := relationArgument(c, strings.Join(strings.Fields(format)[:2], "_"), 0)
		if err != nil {
			return nil, err
		}
		name := quoteIdentifier(r.schema)
		if whole {
			name = r.render()
		}
		return jinja.Str(""), s.exec(fmt.Sprintf(format, name) + s.onCluster())
	}
}

func (s *scope) onCluster() string {
	if s.options.Target.Cluster == "" {
		return ""
	}
	return " on cluster " + quoteIdentifier(s.options.Target.Cluster)
}

func (s *scope) dropRelation(c *jinja.Call) (jinja.Value, error) {
	r, err := relationArgument(c, "drop_relation", 0)
	if err != nil {
		return nil, err
	}
	kind := "table"
	if r.kind == "view" || r.kind == "dictionary" {
		kind = r.kind
	}
	return jinja.Str(""), s.exec("drop " + kind + " if exists " + r.render() + s.onCluster())
}

func (s *scope) renameRelation(c *jinja.Call) (jinja.Value, error) {
	from, err := relationArgument(c, "rename_relation", 0)
	if err != nil {
		return nil, err
	}
	to, err := relationArgument(c, "rename_relation", 1)
	if err != nil {
		return nil, err
	}
	return jinja.Str(""), s.exec("rename table " + from.render() + " to " + to.render() + s.onCluster())
}
