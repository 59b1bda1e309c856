package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// Macros gives the text of a macro and the ids of the macros that it calls,
// by unique id; ok is false when there is no such macro.
type Macros func(id string) (text string, calls []string, ok bool)

// manifest is what is compared of an earlier run's manifest.json.
type manifest struct {
	Nodes     map[string]manifestNode `json:"nodes"`
	Sources   map[string]manifestNode `json:"sources"`
	Exposures map[string]manifestNode `json:"exposures"`
	Metrics   map[string]manifestNode `json:"metrics"`
	Semantic  map[string]manifestNode `json:"semantic_models"`
	Saved     map[string]manifestNode `json:"saved_queries"`
	Macros    map[string]struct {
		SQL string `json:"macro_sql"`
	} `json:"macros"`

	now Macros
}

type manifestNode struct {
	RawCode     string `json:"raw_code"`
	Description string `json:"description"`
	Schema      string `json:"schema"`
	Identifier  string `json:"identifier"`
	Alias       string `json:"alias"`
	Checksum    struct {
		Checksum string `json:"checksum"`
	} `json:"checksum"`
	Unrendered map[string]any `json:"unrendered_config"`
	Columns    map[string]struct {
		Description string `json:"description"`
		DataType    string `json:"data_type"`
	} `json:"columns"`
}

// ReadState reads the manifest.json of an earlier run in dir. macros gives
// today's macros; nil leaves macros out of the comparison.
func ReadState(dir string, macros Macros) (State, error) {
	m := &manifest{now: macros}
	if err := readArtifact(filepath.Join(dir, "manifest.json"), m); err != nil {
		return nil, fmt.Errorf("--state: %w", err)
	}
	return m, nil
}

func (m *manifest) find(id string) (manifestNode, bool) {
	for _, nodes := range []map[string]manifestNode{m.Nodes, m.Sources, m.Exposures, m.Metrics, m.Semantic, m.Saved} {
		if n, ok := nodes[id]; ok {
			return n, true
		}
	}
	return manifestNode{}, false
}

// Has says whether the earlier run knew a node.
func (m *manifest) Has(id string) bool {
	_, ok := m.find(id)
	return ok
}

// Modified compares one aspect of a node, or all when what is "".
func (m *manifest) Modified(n *project.Node, what string) (bool, error) {
	old, ok := m.find(n.UniqueID)
	if !ok {
		return true, nil
	}
	aspects := map[string]func() bool{
		"body":                   func() bool { return bodyChanged(n, old) },
		"configs":                func() bool { return configChanged(n, old) },
		"relation":               func() bool { return relationChanged(n, old) },
		"persisted_descriptions": func() bool { return descriptionsChanged(n, old) },
		"contract":               func() bool { return contractChanged(n, old) },
		"macros":                 func() bool { return m.macrosChanged(n.Macros, map[string]bool{}) },
	}
	if what != "" {
		return aspects[what](), nil
	}
	for _, aspect := range stateAspects {
		if aspects[aspect]() {
			return true, nil
		}
	}
	return false, nil
}

// bodyChanged compares a file's text; of seeds, which hold none, its checksum.
func bodyChanged(n *project.Node, old manifestNode) bool {
	if n.Kind == project.Seed {
		return n.Checksum != old.Checksum.Checksum
	}
	return strings.TrimSpace(n.Raw) != strings.TrimSpace(old.RawCode)
}

// placeKeys are configuration that says where a node is built; relation
// compares it, and tags and groups change nothing that is built.
var placeKeys = map[string]bool{"alias": true, "schema": true, "database": true, "tags": true, "group": true}

// configChanged compares the configuration as its author wrote it.
func configChanged(n *project.Node, old manifestNode) bool {
	return !bytes.Equal(comparedText(n.Config.Values), comparedText(old.Unrendered))
}

func comparedText(config map[string]any) []byte {
	kept := map[string]any{}
	for k, v := range config {
		if !placeKeys[k] {
			kept[strings.ReplaceAll(k, "_hook", "-hook")] = v
		}
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return nil
	}
	return text
}

func relationChanged(n *project.Node, old manifestNode) bool {
	switch n.Kind {
	case project.Source:
		return n.Relation.Schema != old.Schema || n.Relation.Identifier != old.Identifier
	case project.Model, project.Seed, project.Snapshot:
		return n.Relation != project.Relation{} && (n.Relation.Schema != old.Schema || n.Relation.Identifier != old.Alias)
	}
	return false
}

// descriptionsChanged compares descriptions where they are written to the
// warehouse.
func descriptionsChanged(n *project.Node, old manifestNode) bool {
	persist, _ := n.Config.Values["persist_docs"].(map[string]any)
	if on, _ := persist["relation"].(bool); on && n.Description != old.Description {
		return true
	}
	if on, _ := persist["columns"].(bool); !on {
		return false
	}
	for _, c := range n.Columns {
		if c.Description != old.Columns[c.Name].Description {
			return true
		}
	}
	return false
}

// contractChanged compares the columns that an enforced contract promises.
func contractChanged(n *project.Node, old manifestNode) bool {
	contract, _ := n.Config.Values["contract"].(map[string]any)
	if on, _ := contract["enforced"].(bool); !on {
		return false
	}
	if len(n.Columns) != len(old.Columns) {
		return true
	}
	for _, c := range n.Columns {
		was, ok := old.Columns[c.Name]
		if !ok || was.DataType != c.DataType {
			return true
		}
	}
	return false
}

// macrosChanged compares the macros that a node calls, and those they call.
func (m *manifest) macrosChanged(ids []string, seen map[string]bool) bool {
	if m.now == nil {
		return false
	}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		text, calls, ok := m.now(id)
		old, was := m.Macros[id]
		if ok != was || strings.TrimSpace(text) != strings.TrimSpace(old.SQL) || m.macrosChanged(calls, seen) {
			return true
		}
	}
	return false
}
