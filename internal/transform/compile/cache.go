package compile

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

	"github.com/tiendi/tiendi/internal/project"
)

// cacheFile is the name of a saved parse within Options.CacheDir.
const cacheFile = "partial_parse.bin"

// saved is what a parse leaves for the next one.
type saved struct {
	Key       string
	Envs      []envRead
	Nodes     []*project.Node
	Disabled  []*project.Node
	Macros    []*Macro
	Files     []project.File // of macros and docs, for templates to be compiled
	DocFiles  []project.File
	Docs      []*Doc
	Patches   []project.MacroPatch
	Groups    []project.Group
	Selectors []any
	Warnings  project.Problems
}

// envRead is an environment variable that the project reads.
type envRead struct {
	Name, Value string
	Set         bool
}

// envLog collects environment variables that YAML and templates read.
type envLog struct {
	mu   sync.Mutex
	seen map[string]envRead
}

func (l *envLog) add(name, value string, set bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[name] = envRead{name, value, set}
}

// Load opens, reads and parses the project in po.Dir. With a CacheDir, what an
// earlier parse of the same files with the same settings found out is taken
// instead. The error is project.Problems when the project is at fault.
func Load(ctx context.Context, po project.Options, o Options) (*Manifest, error) {
	o.reads = &envLog{seen: map[string]envRead{}}
	po.Render = o.YAML()
	p, err := project.Open(ctx, po)
	if err != nil {
		return nil, err
	}
	o.Project = p
	key := ""
	if o.CacheDir != "" {
		key = o.cacheKey()
		if m := o.restore(key); m != nil {
			m.key = key
			return m, nil
		}
	}
	if err := p.Read(ctx, po); err != nil {
		return nil, err
	}
	m, err := Parse(ctx, o)
	if err != nil {
		return nil, err
	}
	if m.key = key; key != "" {
		if err := m.save(key); err != nil && o.Logger != nil {
			o.Logger.WarnContext(ctx, "the parse could not be saved, so the next command parses anew", "error", err)
		}
	}
	return m, nil
}

// cacheKey is the same as long as a parse would find out the same: this
// program, the files, and the settings that templates see.
func (o Options) cacheKey() string {
	h := sha256.New()
	var types strings.Builder
	layout(reflect.TypeFor[saved](), &types)
	fmt.Fprintf(h, "%s\n%s\n%s\n", types.String(), program(), o.Project.Fingerprint())
	flags := o.Flags
	flags.Selected = nil
	settings, _ := json.Marshal([]any{o.Target, o.Vars, flags, o.Project.Root().Root}) // plain values
	h.Write(settings)
	return hex.EncodeToString(h.Sum(nil))
}

// program tells builds apart.
func program() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
}

// restore gives the saved parse, nil when there is none for key.
func (o Options) restore(key string) *Manifest {
	data, err := os.ReadFile(filepath.Join(o.CacheDir, cacheFile))
	if err != nil || len(data) < 4 {
		return nil
	}
	body := data[:len(data)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(body):]) {
		return nil
	}
	var s saved
	d := newDecoder(body)
	if s.Key = d.text(); s.Key != key {
		return nil
	}
	d.at, d.texts = 0, nil
	d.value(reflect.ValueOf(&s).Elem())
	if d.err != nil || d.at != len(body) || !o.sameEnv(s.Envs) {
		return nil
	}
	m, err := o.manifestOf(&s)
	if err != nil {
		return nil
	}
	return m
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (o Options) sameEnv(reads []envRead) bool {
	for _, r := range reads {
		value, set := o.LookupEnv(r.Name)
		if set != r.Set || value != r.Value {
			return false
		}
	}
	return true
}

// manifestOf puts a manifest together from what was saved.
func (o Options) manifestOf(s *saved) (*Manifest, error) {
	p := o.Project
	p.Nodes, p.Macros, p.Docs = s.Nodes, s.Files, s.DocFiles
	p.Patches, p.Groups, p.Selectors, p.Warnings = s.Patches, s.Groups, s.Selectors, s.Warnings
	m := &Manifest{
		Project: p, Nodes: map[string]*project.Node{}, Sources: map[string]*project.Node{},
		Others: map[string]*project.Node{}, Macros: make(map[string]*Macro, len(s.Macros)),
		Docs: make(map[string]*Doc, len(s.Docs)), Disabled: s.Disabled, Warnings: s.Warnings,
	}
	for _, n := range s.Nodes {
		m.place(n)
	}
	for _, mac := range s.Macros {
		m.Macros[mac.UniqueID] = mac
	}
	for _, d := range s.Docs {
		m.Docs[d.UniqueID] = d
	}
	m.env = &environment{options: o, project: p, man: m}
	m.lazy = true
	return m, m.link()
}

// save keeps m for the next parse.
func (m *Manifest) save(key string) error {
	s := saved{
		Key: key, Disabled: m.Disabled, Files: m.Project.Macros, DocFiles: m.Project.Docs,
		Patches: m.Project.Patches, Groups: m.Project.Groups, Selectors: m.Project.Selectors, Warnings: m.Warnings,
	}
	for _, of := range []map[string]*project.Node{m.Nodes, m.Sources, m.Others} {
		for _, id := range keysOf(of) {
			s.Nodes = append(s.Nodes, of[id])
		}
	}
	for _, id := range keysOf(m.Macros) {
		s.Macros = append(s.Macros, m.Macros[id])
	}
	for _, id := range keysOf(m.Docs) {
		s.Docs = append(s.Docs, m.Docs[id])
	}
	reads := m.env.options.reads
	for _, name := range keysOf(reads.seen) {
		s.Envs = append(s.Envs, reads.seen[name])
	}
	e := &encoder{texts: map[string]uint64{}, fields: fields{}}
	if err := e.value(reflect.ValueOf(&s).Elem()); err != nil {
		return fmt.Errorf("save the parse: %w", err)
	}
	data := binary.LittleEndian.AppendUint32(e.buf, crc32.Checksum(e.buf, castagnoli))
	return writeFile(filepath.Join(m.env.options.CacheDir, cacheFile), data)
}
