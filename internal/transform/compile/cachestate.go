package compile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"reflect"
	"sync"

	"github.com/tiendi/tiendi/internal/project"
)

// saved is what a parse leaves for the next one.
type saved struct {
	Key       string
	Flags     string // of the command, where parsing looked at them
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

// envRead is an environment variable that the project reads. Its value may be
// secret, so only a digest of it is kept.
type envRead struct {
	Name, Digest string
	Set          bool
}

func envReadOf(name, value string, set bool) envRead {
	sum := sha256.Sum256([]byte(name + "=" + value))
	return envRead{name, string(sum[:]), set}
}

// envLog collects environment variables that YAML and templates read.
type envLog struct {
	mu   sync.Mutex
	seen map[string]envRead
	// flags says that a template looked at flags while it was parsed.
	flags bool
}

func (l *envLog) readFlags() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flags = true
}

// flagsText is what flags a template may have seen.
func (o Options) flagsText() string {
	flags := o.Flags
	flags.Selected = nil
	text, _ := json.Marshal(flags) // plain values
	return string(text)
}

func (l *envLog) add(name, value string, set bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[name] = envReadOf(name, value, set)
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
	if reads.flags {
		s.Flags = m.env.options.flagsText()
	}
	for _, name := range keysOf(reads.seen) {
		s.Envs = append(s.Envs, reads.seen[name])
	}
	e := &encoder{texts: map[string]uint64{}, fields: fields{}}
	if err := e.value(reflect.ValueOf(&s).Elem()); err != nil {
		return fmt.Errorf("save the parse: %w", err)
	}
	data := binary.LittleEndian.AppendUint32(e.buf, crc32.Checksum(e.buf, castagnoli))
	return WriteFile(filepath.Join(m.env.options.CacheDir, cacheFile), data, private)
}
