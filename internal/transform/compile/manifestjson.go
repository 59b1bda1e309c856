package compile

import (
	"bytes"
	"crypto/md5" // #nosec: dbt's project id, nothing secret
	"encoding/hex"
	"fmt"
	"io"
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
	if err := writeStream(name, m.encode); err != nil {
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
	var b bytes.Buffer
	_ = m.encode(&b) // a buffer takes everything
	return b.Bytes()
}

// encode writes the manifest part by part: whole it is larger than all that it
// is made of.
func (m *Manifest) encode(w io.Writer) error {
	out := &partWriter{w: w}
	out.part(`{"metadata":`, m.metadata())
	m.writeNodes(out, "nodes", m.Nodes, "")
	m.writeNodes(out, "sources", m.Sources, "")
	out.part(`,"macros":`, m.macroObjects())
	out.part(`,"docs":`, m.docObjects())
	m.writeNodes(out, "exposures", m.Others, project.Exposure)
	m.writeNodes(out, "metrics", m.Others, project.Metric)
	out.part(`,"groups":`, m.groupObjects())
	out.part(`,"selectors":{},"disabled":`, m.disabledObjects())
	m.writeMaps(out)
	m.writeNodes(out, "saved_queries", m.Others, project.SavedQuery)
	m.writeNodes(out, "semantic_models", m.Others, project.Semantic)
	out.write([]byte(`,"unit_tests":{},"functions":{}}`))
	return out.err
}

// partWriter keeps the first error.
type partWriter struct {
	w   io.Writer
	err error
}

func (p *partWriter) write(b []byte) {
	if p.err == nil {
		_, p.err = p.w.Write(b)
	}
}

func (p *partWriter) part(before string, v any) { p.write(appendJSON([]byte(before), v)) }

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

// writeNodes writes the nodes of one kind ("" for all) by unique id.
func (m *Manifest) writeNodes(out *partWriter, key string, nodes map[string]*project.Node, kind project.Kind) {
	var ids []string
	for _, id := range keysOf(nodes) {
		if kind == "" || nodes[id].Kind == kind {
			ids = append(ids, id)
		}
	}
	out.write([]byte(`,"` + key + `":{`))
	const share = 128 // nodes that one worker encodes at a time
	workers := m.env.options.workers()
	parts := make([][]byte, 2*workers)
	for from := 0; from < len(ids); from += share * len(parts) {
		count := min(len(parts), (len(ids)-from+share-1)/share)
		eachInParallel(workers, count, func(i int) {
			first := from + i*share
			part := parts[i][:0]
			for j, id := range ids[first:min(len(ids), first+share)] {
				if first+j > 0 {
					part = append(part, ',')
				}
				part = append(appendJSONString(part, id), ':')
				part = appendJSON(part, m.env.nodeObject(nodes[id]))
			}
			parts[i] = part
		})
		for _, part := range parts[:count] {
			out.write(part)
		}
	}
	out.write([]byte("}"))
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
