package project

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// configLevel is one level of a config tree: what it configures, and the
// levels below it.
type configLevel struct {
	path   string // "models.shop.staging"
	place  Place
	config []configEntry // by key
	below  map[string]*configLevel
}

// configEntry is one configuration value and where it stands.
type configEntry struct {
	key   string // without the plus, hooks by their one name
	value any
	place Place
}

// newConfigLevel reads a level: keys with a plus configure, and so do keys
// without one that are no mapping; the others are the levels below.
func newConfigLevel(d *document, n *yaml.Node, path string) *configLevel {
	l := &configLevel{path: path, place: d.place(n), below: map[string]*configLevel{}}
	var set entrySet
	for _, e := range entriesOf(n) {
		rest, plus := strings.CutPrefix(e.key, "+")
		if !plus && e.value.Kind == yaml.MappingNode {
			l.below[e.key] = newConfigLevel(d, e.value, path+"."+e.key)
			l.below[e.key].place = d.place(e.at)
			continue
		}
		e.key = strings.TrimSpace(rest)
		set.put(e, plus) // the one with a plus holds
	}
	for _, e := range set.list {
		l.config = append(l.config, configEntry{key: hookName(e.key), value: plain(e.value), place: d.place(e.at)})
	}
	return l
}
