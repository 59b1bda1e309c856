package compile

import (
	"crypto/md5" // #nosec: dbt's project id, nothing secret
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// manifestSchema is the version of manifest.json that is written.
const manifestSchema = "https://schemas.getdbt.com/dbt/manifest/v12.json"

// WriteJSON writes manifest.json into the target folder, in one step. Where
// the file stands as an earlier parse with the same result wrote it, it is left.
func (m *Manifest) WriteJSON(targetDir string) error {
	name := filepath.Join(targetDir, "manifest.json")
	if m.key != "" && m.stamped(name) {
		return nil
	}
	if err := writeFile(name, m.JSON()); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	if m.key == "" {
		return nil
	}
	return writeFile(m.stampFile(), []byte(m.stamp(name)))
}

func (m *Manifest) stampFile() string {
	return filepath.Join(m.env.options.CacheDir, "manifest.stamp")
}

// stamp tells the file from one that anything else wrote.
func (m *Manifest) stamp(name string) string {
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s %q %d %d", m.key, name, info.Size(), info.ModTime().UnixNano())
}

func (m *Manifest) stamped(name string) bool {
	was, err := os.ReadFile(m.stampFile())
	return err == nil && len(was) > 0 && string(was) == m.stamp(name)
}

// JSON is the manifest as dbt's manifest.json, version 12.
func (m *Manifest) JSON() []byte {
	b := make([]byte, 0, 4096*(len(m.Nodes)+8))
	b = append(b, `{"metadata":`...)
	b = appendJSON(b, m.metadata())
	b = m.appendNodes(b, "nodes", m.Nodes, "")
	b = m.appendNodes(b, "sources", m.Sources, "")
	b = append(b, `,"macros":`...)
	b = appendJSON(b, m.macroObjects())
	b = append(b, `,"docs":`...)
	b = appendJSON(b, m.docObjects())
	b = m.appendNodes(b, "exposures", m.Others, project.Exposure)
	b = m.appendNodes(b, "metrics", m.Others, project.Metric)
	b = append(b, `,"groups":`...)
	b = appendJSON(b, m.groupObjects())
	b = append(b, `,"selectors":{},"disabled":`...)
	b = appendJSON(b, m.disabledObjects())
	b = m.appendMaps(b)
	b = m.appendNodes(b, "saved_queries", m.Others, project.SavedQuery)
	b = m.appendNodes(b, "semantic_models", m.Others, project.Semantic)
	return append(b, `,"unit_tests":{},"functions":{}}`...)
}

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

func (m *Manifest) metadata() object {
	o := m.env.options
	name := m.Project.Root().Name
	sum := md5.Sum([]byte(name)) // #nosec
	started := o.Now.UTC()
	return object{
		{"dbt_schema_version", manifestSchema}, {"dbt_version", dbtVersion},
		{"generated_at", started.Format("2006-01-02T15:04:05.000000Z")}, {"invocation_id", o.InvocationID},
		{"invocation_started_at", started.Format("2006-01-02T15:04:05.000000Z")},
		{"env", map[string]any{}}, {"project_name", name}, {"project_id", hex.EncodeToString(sum[:])},
		{"user_id", nil}, {"send_anonymous_usage_stats", false}, {"adapter_type", "clickhouse"},
		{"quoting", object{{"database", true}, {"schema", true}, {"identifier", true}, {"column", nil}}},
		{"run_started_at", started.Format(time.RFC3339Nano)},
	}
}

// appendNodes writes the nodes of one kind ("" for all) by unique id.
func (m *Manifest) appendNodes(b []byte, key string, nodes map[string]*project.Node, kind project.Kind) []byte {
	b = append(appendJSONString(append(b, ','), key), ":{"...)
	var ids []string
	for _, id := range keysOf(nodes) {
		if kind == "" || nodes[id].Kind == kind {
			ids = append(ids, id)
		}
	}
	const share = 256 // nodes that one worker writes at a time
	parts := make([][]byte, (len(ids)+share-1)/share)
	inParallel(m.env.options.workers(), len(parts), func(i int) {
		part := make([]byte, 0, share*4096)
		for _, id := range ids[i*share : min(len(ids), (i+1)*share)] {
			part = append(appendJSONString(append(part, ','), id), ':')
			part = appendJSON(part, m.env.nodeObject(nodes[id]))
		}
		parts[i] = part
	})
	for i, part := range parts {
		if i == 0 {
			part = part[1:]
		}
		b = append(b, part...)
	}
	return append(b, '}')
}

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

// appendMaps writes who depends on whom, and who belongs to which group.
func (m *Manifest) appendMaps(b []byte) []byte {
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
	b = appendJSONMap(append(b, `,"parent_map":`...), parents)
	b = appendJSONMap(append(b, `,"child_map":`...), children)
	return appendJSONMap(append(b, `,"group_map":`...), groups)
}
