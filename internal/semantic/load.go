package semantic

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// File is a properties file of the project.
type File struct {
	Path  string // as it stands in messages
	Text  []byte
	Scope project.Scope
}

// Relation says where a dbt model is built; false where there is no such model
// or it is not built at all.
type Relation func(ref project.Ref) (project.Relation, bool)

// Load reads all that the files say of metrics and checks it. The error is
// project.Problems: everything that is wrong, each with its place.
func Load(files []File, relation Relation, render project.Render, o Options) (*Manifest, error) {
	r := &reader{relation: relation, unread: map[string]bool{}, man: &Manifest{
		options: o, models: map[string]*Model{}, metrics: map[string]*Metric{}, saved: map[string]*SavedQuery{},
	}}
	for _, f := range files {
		r.file(f, render)
	}
	if r.man.options.Tenant == "" {
		r.man.options.Tenant = "store"
	}
	if _, err := time.LoadLocation(o.TimeZone); err != nil {
		return nil, fmt.Errorf("var timezone: %w", err)
	}
	r.settle()
	r.check()
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	return r.man, nil
}

// reader is the state of one Load.
type reader struct {
	man      *Manifest
	relation Relation
	problems project.Problems

	// What could not be read is not missed as well.
	unread      map[string]bool // metrics
	unreadModel bool
}

func (r *reader) fail(at project.Place, hint, format string, args ...any) {
	r.problems = append(r.problems, project.Problem{Place: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (r *reader) file(f File, render project.Render) {
	y := project.OpenYAML(f.Path, f.Text, render, f.Scope)
	for _, e := range y.Entries("semantic_models") {
		r.model(e)
	}
	for _, e := range y.Entries("models") {
		r.described(e)
	}
	for _, e := range y.Entries("metrics") {
		if m := r.metric(e, nil); m != nil {
			r.addMetric(m)
		} else {
			r.unread[e.Text("name")] = !disabled(e)
		}
	}
	for _, e := range y.Entries("saved_queries") {
		r.savedQuery(e)
	}
	r.problems = append(r.problems, y.Problems()...)
}

// disabled says whether an entry's config turns it off.
func disabled(e *project.YAMLEntry) bool {
	on, said := e.Mapping("config")["enabled"].(bool)
	return said && !on
}

// metaOf is an entry's meta: under config, or beside it.
func metaOf(e *project.YAMLEntry) map[string]any {
	under, _ := e.Mapping("config")["meta"].(map[string]any)
	beside := e.Mapping("meta")
	if under == nil {
		return beside
	}
	for k, v := range beside {
		if _, twice := under[k]; !twice {
			under[k] = v
		}
	}
	return under
}

// nameOf reads an entry's name and checks that a query can say it.
func (r *reader) nameOf(e *project.YAMLEntry) string {
	name := e.Text("name")
	switch {
	case !isName(name):
		e.Fail("name", "use letters, digits and underscores, and begin with a letter", "%q cannot be a name", name)
	case strings.Contains(name, "__"):
		e.Fail("name", "two underscores stand between an entity and its dimension", "%q cannot be a name", name)
	case name == metricTime:
		e.Fail("name", "every metric's own time is called so", "%q cannot be a name", name)
	case len(name) > maxName:
		e.Fail("name", "", "a name of %d characters is longer than the %d that are taken", len(name), maxName)
	default:
		return name
	}
	return ""
}

const maxName = 250

func isName(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// refOf reads ref('model'), alone or in braces.
func (r *reader) refOf(e *project.YAMLEntry, key string) (project.Ref, bool) {
	ref, ok := project.ParseRef(e.Text(key), e.PlaceOf(key))
	if !ok {
		e.Fail(key, "write "+key+": ref('name')", "%s %q is no ref", key, e.Text(key))
	}
	return ref, ok
}

func (r *reader) addModel(m *Model) {
	if first := r.man.models[m.Name]; first != nil {
		r.fail(m.Place, "rename one of them", "semantic model %s is defined twice; the other one is at %s", m.Name, first.Place)
		return
	}
	if relation, ok := r.relation(m.Ref); ok {
		m.Schema, m.Identifier = relation.Schema, relation.Identifier
	} else {
		r.fail(m.Ref.Place, "", "semantic model %s: ref('%s') names no model that is built", m.Name, m.Ref.Name)
	}
	r.man.models[m.Name] = m
	r.man.Models = append(r.man.Models, m)
}

func (r *reader) addMetric(m *Metric) {
	if first := r.man.metrics[m.Name]; first != nil {
		r.fail(m.Place, "rename one of them", "metric %s is defined twice; the other one is at %s", m.Name, first.Place)
		return
	}
	r.man.metrics[m.Name] = m
	r.man.Metrics = append(r.man.Metrics, m)
}

// settle puts the lists in order and makes the metrics that measures ask for.
func (r *reader) settle() {
	slices.SortFunc(r.man.Models, func(a, b *Model) int { return strings.Compare(a.Name, b.Name) })
	for _, model := range r.man.Models {
		for _, measure := range model.Measures {
			if measure.CreateMetric && r.man.metrics[measure.Name] == nil {
				r.addMetric(&Metric{
					Name: measure.Name, Description: measure.Description, Label: measure.Label, Type: "simple",
					Place: measure.Place, Measure: &MeasureInput{Name: measure.Name, place: measure.Place}, Meta: measure.Meta,
					Unit: text(measure.Meta["unit"]),
				})
			}
		}
	}
	slices.SortFunc(r.man.Metrics, func(a, b *Metric) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(r.man.SavedQueries, func(a, b *SavedQuery) int { return strings.Compare(a.Name, b.Name) })
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// filters reads a condition, or a list of conditions that must all hold.
func (r *reader) filters(e *project.YAMLEntry, key string) []filter {
	var list []filter
	for _, written := range e.Texts(key) {
		cond, err := parseCondition(written)
		if err != nil {
			e.Fail(key, hintOf(err), "%s: %v", key, err)
			continue
		}
		list = append(list, filter{text: written, cond: cond, place: e.PlaceOf(key)})
	}
	return list
}

// hintOf is what an error advises, where it is a problem.
func hintOf(err error) string {
	if p, ok := err.(*queryError); ok { //nolint:errorlint // made here and never wrapped
		return p.hint
	}
	return ""
}
