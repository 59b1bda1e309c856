package compile

import (
	"bytes"
	"crypto/md5" // #nosec: dbt's project id, nothing secret
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	if err := writeStream(name, readable, m.encode); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	if m.key == "" {
		return nil
	}
	return WriteFile(m.stampFile(), []byte(m.stamp(name)), private)
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
