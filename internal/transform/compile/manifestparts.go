package compile

import (
	"sort"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

func (m *Manifest) macroObjects() object {
	docs := object{{"show", true}, {"node_color", nil}}
	created := float64(m.env.options.Now.UnixMicro()) / 1e6
	patches := map[string]project.MacroPatch{}
	for _, p := range m.Project.Patches {
		patches["macro."+p.Package+"."+p.Name] = p
	}
	out := make(object, 0, len(m.Macros))
	for _, id := range keysOf(m.Macros) {
		mac, p := m.Macros[id], patches[id]
		meta := p.Meta
		if meta == nil {
			meta = map[string]any{}
		}
		args := []object{}
		for _, a := range p.Arguments {
			args = append(args, object{{"name", a.Name}, {"type", orNil(a.Type)}, {"description", a.Description}})
		}
		var patched any
		if p.Path != "" {
			patched = p.Package + "://" + p.Path
		}
		out = append(out, member{id, object{
			{"name", mac.Name}, {"resource_type", "macro"}, {"package_name", mac.Package}, {"path", mac.Path},
			{"original_file_path", mac.Path}, {"unique_id", id}, {"macro_sql", mac.Raw},
			{"depends_on", object{{"macros", orEmpty(mac.DependsOn)}}}, {"description", p.Description},
			{"meta", meta}, {"docs", docs}, {"config", object{{"meta", meta}, {"docs", docs}}},
			{"patch_path", patched}, {"arguments", args}, {"created_at", created}, {"supported_languages", nil},
		}})
	}
	return out
}

func (m *Manifest) docObjects() object {
	out := make(object, 0, len(m.Docs))
	for _, id := range keysOf(m.Docs) {
		d := m.Docs[id]
		_, short, _ := strings.Cut(d.Path, "/")
		out = append(out, member{id, object{
			{"name", d.Name}, {"resource_type", "doc"}, {"package_name", d.Package}, {"path", short},
			{"original_file_path", d.Path}, {"unique_id", id}, {"block_contents", d.Contents},
		}})
	}
	return out
}

func (m *Manifest) groupObjects() object {
	out := object{}
	for _, g := range m.Project.Groups {
		id := "group." + g.Package + "." + g.Name
		out = append(out, member{id, object{
			{"name", g.Name}, {"resource_type", "group"}, {"package_name", g.Package}, {"path", g.Path},
			{"original_file_path", g.Path}, {"unique_id", id},
			{"owner", object{{"email", g.Owner["email"]}, {"name", g.Owner["name"]}}},
			{"description", nil}, {"config", object{{"meta", map[string]any{}}}},
		}})
	}
	return out
}

func (m *Manifest) disabledObjects() object {
	out := object{}
	for _, n := range m.Disabled {
		o := m.env.nodeObject(n)
		if last := len(out) - 1; last >= 0 && out[last].key == n.UniqueID {
			out[last].value = append(out[last].value.([]object), o)
			continue
		}
		out = append(out, member{n.UniqueID, []object{o}})
	}
	return out
}

// writeMaps writes who depends on whom, and who belongs to which group.
func (m *Manifest) writeMaps(out *partWriter) {
	parents, children, groups := map[string]any{}, map[string]any{}, map[string]any{}
	below := map[string][]string{}
	for _, of := range []map[string]*project.Node{m.Nodes, m.Sources, m.Others} {
		for id, n := range of {
			parents[id] = orEmpty(n.DependsOn)
			for _, up := range n.DependsOn {
				below[up] = append(below[up], id)
			}
			if g := n.Config.Group; g != "" {
				list, _ := groups[g].([]string)
				groups[g] = append(list, id)
			}
		}
	}
	for id := range parents {
		sort.Strings(below[id])
		children[id] = orEmpty(below[id])
	}
	for _, list := range groups {
		sort.Strings(list.([]string))
	}
	out.part(`,"parent_map":`, parents)
	out.part(`,"child_map":`, children)
	out.part(`,"group_map":`, groups)
}
