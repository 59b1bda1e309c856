package project

import (
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// testTarget is what a generic test tests.
type testTarget struct {
	kind     Kind   // Model, Seed or Source
	name     string // of the node, or of the source's table
	version  string
	source   string // of the source, with its table in name
	attached string // unique id
	column   string // as the macro gets it; "" for the node itself
	tags     []string
}

// ref is the Jinja that names the tested relation.
func (t testTarget) ref() string {
	switch {
	case t.kind == Source:
		return "source('" + t.source + "', '" + t.name + "')"
	case t.version != "":
		return "ref('" + t.name + "', version='" + t.version + "')"
	}
	return "ref('" + t.name + "')"
}

// label is the target's part in a test's name.
func (t testTarget) label() string {
	switch {
	case t.kind == Source:
		return t.source + "_" + t.name
	case t.version != "":
		return t.name + "_v" + t.version
	}
	return t.name
}

// columnTests makes the tests of one column entry.
func (p *propertiesReader) columnTests(n *yaml.Node, target testTarget, quoteAll *bool, tags []string) {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		return // reported where the column is read
	}
	f := &fields{doc: p.doc, node: n, what: "column", entries: entriesOf(n)}
	if f.find("name") == nil || f.find("data_tests") == nil && f.find("tests") == nil {
		return
	}
	target.column = f.text("name")
	f.what = "column " + target.column
	quote := quoteAll
	if own, ok := scalarFlag(f.find("quote")); ok {
		quote = &own
	}
	if quote != nil && *quote {
		target.column = `"` + target.column + `"` // as dbt's ClickHouse adapter quotes
	}
	var config map[string]any
	if c := f.find("config"); c != nil {
		config = plainMap(c)
	}
	target.tags = union(tags, f.texts("tags"), asTexts(config["tags"]))
	for _, t := range p.testNodes(f) {
		p.test(t, target)
	}
}

func scalarFlag(n *yaml.Node) (value, ok bool) {
	if n == nil || n.Kind != yaml.ScalarNode {
		return false, false
	}
	value, ok = scalar(n).(bool)
	return value, ok
}

var testName = lazyregexp.New(`^(?:([a-zA-Z_][0-9a-zA-Z_]*)\.)?([a-zA-Z_][0-9a-zA-Z_]*)$`)

// test makes the node of one generic test.
func (p *propertiesReader) test(n *yaml.Node, target testTarget) {
	n = resolved(n)
	name, args, ok := p.testEntry(n)
	if !ok {
		return
	}
	m := testName().FindStringSubmatch(name)
	if m == nil {
		p.doc.problem(n, "write the test's name, or package.name", "%q cannot be the name of a test", name)
		return
	}
	t := genericTest{namespace: m[1], name: m[2], target: target}
	if !t.sort(p, n, args) {
		return
	}
	p.out.tests = append(p.out.tests, t.node(p, n))
}

// testEntry gives a test's name and its keys, whichever way it is written.
func (p *propertiesReader) testEntry(n *yaml.Node) (string, []entry, bool) {
	if n.Kind == yaml.ScalarNode {
		if s, ok := scalar(n).(string); ok {
			return s, nil, true
		}
	}
	if n.Kind != yaml.MappingNode {
		p.doc.problem(n, "write its name, or its name and arguments below it", "a test must be a name or a mapping, not %s", article(kindName(n)))
		return "", nil, false
	}
	entries := entriesOf(n)
	for i, e := range entries {
		if e.key == "test_name" {
			rest := append(append([]entry(nil), entries[:i]...), entries[i+1:]...)
			return e.value.Value, rest, true
		}
	}
	if len(entries) != 1 {
		p.doc.problem(n, "indent the arguments below the test's name", "a test must have one key, its name, but this has %d", len(entries))
		return "", nil, false
	}
	e := entries[0]
	if e.value.Kind != yaml.MappingNode {
		p.doc.problem(e.value, "indent arguments below the name, or write just - "+e.key, "test %s: its arguments must be a mapping, not %s", e.key, article(kindName(e.value)))
		return "", nil, false
	}
	return e.key, entriesOf(e.value), true
}

// genericTest is a test's definition on its way to a node.
type genericTest struct {
	namespace, name string
	target          testTarget
	args            []entry // keyword arguments of the macro, column_name among them
	config          []entry // settled, in dbt's order
	custom          string
	description     string
}

// node makes the node, its configuration still to be resolved.
func (t *genericTest) node(p *propertiesReader, at *yaml.Node) *Node {
	short, full := t.names()
	if short != full && t.find("alias") == nil {
		t.config = append(t.config, entry{key: "alias", value: nodeOf(short, at)})
	}
	_, relative, _ := strings.Cut(p.file.Path, "/")
	n := &Node{
		UniqueID: "test." + p.pkg.Name + "." + full + "." + t.hash(full),
		Kind:     Test, Package: p.pkg.Name, Name: full, FQN: fqn(p.pkg, relative, full),
		Root: p.pkg.Root, Path: p.file.Path, Place: p.doc.place(at), Raw: t.raw(), Checksum: "",
		Description: t.description,
		Test: &TestNode{
			Generic: t.name, Namespace: t.namespace, Arguments: map[string]any{}, Column: t.target.column,
			AttachedTo: t.target.attached, FileName: path.Base(short) + ".sql", Model: t.target.ref(),
		},
	}
	for _, a := range t.args {
		n.Test.Arguments[a.key] = plain(a.value)
	}
	tags := sortedUnion(t.target.tags, asTexts(plain(t.find("tags"))))
	if len(t.config)+len(tags) == 0 {
		return n
	}
	n.Properties = make(map[string]any, len(t.config)+1)
	for _, c := range t.config {
		n.Properties[c.key] = plain(c.value)
	}
	if len(tags) > 0 {
		n.Properties["tags"] = listOf(tags)
	}
	return n
}

func (t *genericTest) find(key string) *yaml.Node {
	for _, c := range t.config {
		if c.key == key {
			return c.value
		}
	}
	return nil
}
