package compile

import (
	"fmt"
	"strconv"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// ref is ref('name'), ref('package', 'name') and either with v= or version=.
func (s *scope) ref(c *jinja.Call) (jinja.Value, error) {
	r, err := refOf(c)
	if err != nil {
		return nil, err
	}
	if s.parsing != nil {
		s.parsing.refs = append(s.parsing.refs, r)
		return s.relation(), nil
	}
	n, problem := s.lookup.ref(s.pkg, r)
	if problem != nil {
		return nil, failure(problem.Hint, "%s", problem.Message)
	}
	if err := s.expect(n, refText(r)); err != nil {
		return nil, err
	}
	return s.relationTo(n), nil
}

func refOf(c *jinja.Call) (project.Ref, error) {
	r := project.Ref{Place: placeOf(c.Place())}
	for _, k := range c.Kwargs {
		if k.Name != "v" && k.Name != "version" {
			return r, failure("", "ref takes no argument %q, only v or version", k.Name)
		}
		r.Version = versionText(k.Value)
	}
	var names []string
	for _, a := range c.Args {
		name, ok := text(a)
		if !ok {
			return r, failure("write the name of the model in quotes: ref('orders')", "the name given to ref is %s, not text", describe(a))
		}
		names = append(names, name)
	}
	switch len(names) {
	case 1:
		r.Name = names[0]
	case 2:
		r.Package, r.Name = names[0], names[1]
	default:
		return r, failure("write ref('model') or ref('package', 'model')", "ref takes one or two names, %d were given", len(names))
	}
	return r, nil
}

func versionText(v jinja.Value) string {
	switch v := v.(type) {
	case jinja.Str:
		return string(v)
	case jinja.Int:
		return strconv.FormatInt(int64(v), 10)
	case jinja.Float:
		return strconv.FormatFloat(float64(v), 'g', -1, 64)
	}
	return ""
}

// source is source('source', 'table').
func (s *scope) source(c *jinja.Call) (jinja.Value, error) {
	if len(c.Args) != 2 || len(c.Kwargs) > 0 {
		return nil, failure("write source('source', 'table')", "source takes two names, %d were given", len(c.Args))
	}
	source, ok1 := text(c.Args[0])
	table, ok2 := text(c.Args[1])
	if !ok1 || !ok2 {
		return nil, failure("write source('source', 'table') with both names in quotes", "source was given %s and %s", describe(c.Args[0]), describe(c.Args[1]))
	}
	r := project.SourceRef{Source: source, Table: table, Place: placeOf(c.Place())}
	if s.parsing != nil {
		s.parsing.sources = append(s.parsing.sources, r)
		return s.relation(), nil
	}
	n, problem := s.lookup.source(s.pkg, r)
	if problem != nil {
		return nil, failure(problem.Hint, "%s", problem.Message)
	}
	if err := s.expect(n, fmt.Sprintf("source('%s', '%s')", source, table)); err != nil {
		return nil, err
	}
	return s.relationTo(n), nil
}

// expect refuses what parsing did not see: the node would run before what it
// reads.
func (s *scope) expect(n *project.Node, call string) error {
	if s.run.loose || s.node == nil {
		return nil
	}
	for _, id := range s.node.DependsOn {
		if id == n.UniqueID {
			return nil
		}
	}
	return failure(
		"add this line to the top of the file, outside of any if: -- depends_on: {{ "+call+" }}",
		"%s was not seen while the project was parsed, because it stands in code that only runs later (execute, is_incremental, a query's result)", call)
}

// relationTo is the relation that stands for a node in this node's SQL.
func (s *scope) relationTo(n *project.Node) *relation {
	r := relationOf(n.Relation)
	if n.Config.Materialized == "ephemeral" {
		r = &relation{identifier: ephemeralName(n), kind: "cte"}
		s.run.needs(n.UniqueID)
	}
	if s.options.Flags.Empty {
		r.limit = new(int)
	}
	r.where = s.eventTimeFilter(n)
	return r
}

func (r *running) needs(id string) {
	for _, have := range r.ctes {
		if have == id {
			return
		}
	}
	r.ctes = append(r.ctes, id)
}

// ephemeralName is the name of an ephemeral model's CTE, made of its alias.
func ephemeralName(n *project.Node) string {
	alias := n.Relation.Identifier
	if alias == "" {
		alias = n.Name
	}
	return "__dbt__cte__" + alias
}

func (s *scope) metric(c *jinja.Call) (jinja.Value, error) {
	return nil, failure("query metrics with tiendi query", "metric() gives nothing that SQL could use")
}

// describe names a value in messages.
func describe(v jinja.Value) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case *jinja.Undefined:
		return "undefined (" + v.Name + ")"
	case jinja.Str:
		return strconv.Quote(string(v))
	}
	return "a " + v.Type()
}

// refText writes a ref as a template would.
func refText(r project.Ref) string {
	args := "'" + r.Name + "'"
	if r.Package != "" {
		args = "'" + r.Package + "', " + args
	}
	if r.Version != "" {
		args += ", v=" + r.Version
	}
	return "ref(" + args + ")"
}
