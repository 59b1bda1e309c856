package compile

import (
	"context"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// describe renders the descriptions that hold Jinja: doc('name') mostly.
func (p *parser) describe(m *Manifest) {
	for _, nodes := range []map[string]*project.Node{m.Nodes, m.Sources, m.Others} {
		for _, n := range nodes {
			p.describeNode(n)
		}
	}
}

func (p *parser) describeNode(n *project.Node) {
	n.Description = p.description(n, n.Description)
	if n.Source != nil {
		n.Source.SourceDescription = p.description(n, n.Source.SourceDescription)
	}
	for i := range n.Columns {
		n.Columns[i].Description = p.description(n, n.Columns[i].Description)
	}
}

func (p *parser) description(n *project.Node, text string) string {
	if !hasJinja(text) {
		return text
	}
	s := p.environment.scope(context.Background(), n, n.Package)
	s.parsing = &recording{}
	out, err := s.renderString(n.Place.File, text)
	if err != nil {
		problem := problemOf(err, "the description of "+n.Name)
		problem.Place = n.Place
		p.problems = append(p.problems, problem)
		return text
	}
	return out
}

// doc is doc('name') or doc('package', 'name').
func (s *scope) doc(c *jinja.Call) (jinja.Value, error) {
	var names []string
	for _, a := range c.Args {
		names = append(names, plainText(a))
	}
	var packages []string
	switch len(names) {
	case 1:
		packages = []string{s.pkg, s.project.Root().Name}
	case 2:
		packages, names = names[:1], names[1:]
	default:
		return nil, failure("write doc('name') or doc('package', 'name')", "doc takes one or two names, %d were given", len(names))
	}
	for _, pkg := range packages {
		if d := s.docs["doc."+pkg+"."+names[0]]; d != nil {
			return jinja.Str(d.Contents), nil
		}
	}
	var known []string
	for _, d := range s.docs {
		if d.Name == names[0] && len(packages) == 2 {
			return jinja.Str(d.Contents), nil
		}
		known = append(known, d.Name)
	}
	return nil, failure(hint(names[0], known), "there is no docs block '%s'", strings.TrimSpace(names[0]))
}
