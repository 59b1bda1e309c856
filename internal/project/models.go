package project

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/spelling"
)

func (p *propertiesReader) model(f *fields) {
	f.known(false, modelKeys...)
	p.modelSemantics(f)
	if len(f.list("versions")) == 0 {
		p.node(f, Model)
		return
	}
	p.versions(f)
}

func (p *propertiesReader) seed(f *fields) {
	f.known(false, modelKeys...)
	p.node(f, Seed)
}

func (p *propertiesReader) analysis(f *fields) {
	f.known(false, modelKeys...)
	p.out.patches = append(p.out.patches, p.patch(f, Analysis))
}

// singularTest describes a test that is a file of its own.
func (p *propertiesReader) singularTest(f *fields) {
	f.known(false, "name", "description", "config", "meta", "docs")
	p.out.patches = append(p.out.patches, p.patch(f, Test))
}

// node reads an entry of models or seeds with its tests.
func (p *propertiesReader) node(f *fields, kind Kind) {
	pa := p.patch(f, kind)
	p.out.patches = append(p.out.patches, pa)
	target := testTarget{kind: kind, name: pa.name, attached: string(kind) + "." + pa.pkg + "." + pa.name}
	for _, n := range f.list("columns") {
		p.columnTests(n, target, f.flag("quote_columns"), nil)
	}
	for _, n := range p.testNodes(f) {
		p.test(n, target)
	}
}

// besideConfig are the keys that dbt moves under config:.
var besideConfig = []string{"meta", "docs", "group", "contract", "access"}

// patch reads what an entry says of its node, tests apart.
func (p *propertiesReader) patch(f *fields, kind Kind) patch {
	pa := patch{
		kind: kind, pkg: p.pkg.Name, name: f.text("name"), place: p.place(f), path: p.file.Path,
		description: f.text("description"), config: p.config(f, besideConfig...),
		columns: p.columns(f.list("columns"), f.what), constraints: f.mappings("constraints"),
	}
	for _, key := range []string{"semantic_model", "agg_time_dimension", "metrics", "primary_entity", "derived_semantics", "time_spine", "deprecation_date"} {
		if n := f.find(key); n != nil {
			if pa.extra == nil {
				pa.extra = map[string]any{}
			}
			pa.extra[key] = plain(n)
		}
	}
	return pa
}

// versions reads a model with versions: one patch for each.
func (p *propertiesReader) versions(f *fields) {
	base := p.patch(f, Model)
	var entries []*fields
	seen := map[string]bool{}
	for _, n := range f.list("versions") {
		v := p.doc.fields(n, f.what+": a version")
		if v == nil || !v.required("v") {
			continue
		}
		v.what = f.what + ", version " + v.text("v")
		v.known(true, versionKeys...)
		if seen[v.text("v")] {
			p.doc.problem(v.node, "remove one of them", "%s stands twice", v.what)
			continue
		}
		seen[v.text("v")] = true
		entries = append(entries, v)
	}
	latest := f.text("latest_version")
	if latest != "" && !seen[latest] {
		p.doc.problem(f.find("latest_version"), spelling.Suggest(latest, sortedKeys(seen)), "%s: latest_version %s is none of its versions", f.what, latest)
	}
	for _, v := range entries {
		if f.text("latest_version") == "" && (latest == "" || OlderVersion(latest, v.text("v"))) {
			latest = v.text("v")
		}
	}
	for _, v := range entries {
		p.version(f, v, base, latest)
	}
}

// OlderVersion says whether version a comes before b: as numbers, else as text.
func OlderVersion(a, b string) bool {
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	if errA == nil && errB == nil {
		return x < y
	}
	return a < b
}

// version makes the patch and the tests of one version.
func (p *propertiesReader) version(f, v *fields, base patch, latest string) {
	pa := base
	pa.model, pa.version, pa.latest = base.name, v.text("v"), latest
	pa.name = fmt.Sprintf("%s_v%s", base.name, pa.version)
	pa.files = []string{orDefault(v.text("defined_in"), pa.name)}
	if pa.version == latest {
		pa.files = append(pa.files, base.name)
	}
	pa.place = p.place(v)
	pa.description = orDefault(v.text("description"), base.description)
	pa.config = deepMerged(base.config, p.config(v, "docs", "access"))
	if own := v.mappings("constraints"); own != nil {
		pa.constraints = own
	}
	taken := p.versionColumns(f, v)
	pa.columns = p.columns(taken, v.what)
	p.out.patches = append(p.out.patches, pa)

	target := testTarget{
		kind: Model, name: base.name, version: pa.version,
		attached: fmt.Sprintf("model.%s.%s.v%s", pa.pkg, base.name, pa.version),
	}
	for _, n := range taken {
		p.columnTests(n, target, f.flag("quote_columns"), nil)
	}
	tests := v
	if v.find("data_tests") == nil && v.find("tests") == nil {
		tests = f
	}
	for _, n := range p.testNodes(tests) {
		p.test(n, target)
	}
}

// versionColumns gives the columns of a version: the model's, as its
// include/exclude entry says, then its own.
func (p *propertiesReader) versionColumns(f, v *fields) []*yaml.Node {
	include, exclude := []string{"*"}, []string(nil)
	var own []*yaml.Node
	for _, n := range v.list("columns") {
		c := p.doc.fields(n, v.what+": a column")
		switch {
		case c == nil:
		case c.has("include") || c.has("exclude"):
			if c.has("include") {
				include = c.texts("include")
			}
			exclude = c.texts("exclude")
		default:
			own = append(own, n)
		}
	}
	all := contains(include, "*") || contains(include, "all")
	var taken []*yaml.Node
	for _, n := range f.list("columns") {
		name := ""
		if c := (&fields{doc: p.doc, entries: entriesOf(n)}); c.find("name") != nil {
			name = c.find("name").Value
		}
		if (all || contains(include, name)) && !contains(exclude, name) {
			taken = append(taken, n)
		}
	}
	return append(taken, own...)
}

// deepMerged lays over onto base, mappings key by key.
func deepMerged(base, over map[string]any) map[string]any {
	out := merged(base)
	for k, v := range over {
		if out == nil {
			out = map[string]any{}
		}
		if a, b := asMap(out[k]), asMap(v); a != nil && b != nil {
			out[k] = deepMerged(a, b)
			continue
		}
		out[k] = v
	}
	return out
}
