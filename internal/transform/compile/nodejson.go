package compile

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// NodeJSON is a node's entry of the manifest, keys only; a key may reach into
// objects (config.materialized). Keys that the node has not are left out.
func (m *Manifest) NodeJSON(n *project.Node, keys []string) []byte {
	whole, out := m.env.nodeObject(n), object{}
	for _, key := range keys {
		if v, ok := reach(whole, key); ok {
			out = append(out, member{key, v})
		}
	}
	return appendJSON(nil, out)
}

// reach finds a value by a dotted path.
func reach(v any, key string) (any, bool) {
	for _, part := range strings.Split(key, ".") {
		switch in := v.(type) {
		case object:
			found := false
			for _, m := range in {
				if m.key == part {
					v, found = m.value, true
				}
			}
			if !found {
				return nil, false
			}
		case map[string]any:
			next, ok := in[part]
			if !ok {
				return nil, false
			}
			v = next
		default:
			return nil, false
		}
	}
	return v, true
}
