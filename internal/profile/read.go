package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/spelling"
)

// reader reads one profiles file.
type reader struct {
	file     string
	env      func(string) (string, bool)
	given    map[string]bool // settings that the file or the environment gives
	unplaced bool            // what a dbt target says of its server could not be read
	problems []error
	values   int // plain values made so far, aliases expanded
}

func (r *reader) err() error { return errors.Join(r.problems...) }

// fail notes a problem at a node.
func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s:%d:%d: %w", r.file, n.Line, n.Column, fmt.Errorf(format, args...)))
}

// read takes the target that o names into s.
func (r *reader) read(o Options, s *Settings) error {
	top, err := r.parse()
	if err != nil {
		return err
	}
	name, profile, err := r.choose(top, "profile", o.Profile, "", func(name string) bool { return name != "config" })
	if err != nil {
		return err
	}
	if profile.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: profile %s must be a mapping with target and outputs", r.file, profile.Line, name)
	}
	r.known(profile, "profile "+name, []string{"target", "outputs"})
	outputs := valueOf(profile, "outputs")
	if outputs == nil || outputs.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: profile %s has no outputs\n  write its targets below the key outputs", r.file, profile.Line, name)
	}
	wanted, standard := o.Target, "default"
	if n := valueOf(profile, "target"); n != nil && wanted == "" {
		v, err := r.render(n.Value)
		if err != nil {
			return fmt.Errorf("%s:%d:%d: target %w", r.file, n.Line, n.Column, err)
		}
		wanted = fmt.Sprint(v)
	}
	target, output, err := r.choose(outputs, "target of profile "+name, wanted, standard, func(string) bool { return true })
	if err != nil {
		return err
	}
	s.Profile, s.Target = name, target
	r.target(output, target, s)
	return nil
}

// parse reads the file's one document, a mapping.
func (r *reader) parse() (*yaml.Node, error) {
	text, err := readBounded(r.file)
	if err != nil {
		return nil, fmt.Errorf("profiles file: %w", err)
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is not valid YAML: %s\n  put Jinja in quotes: password: \"{{ env_var('NAME') }}\"", r.file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s must map names of profiles to their targets\n  see profiles.example.yaml", r.file)
	}
	return doc.Content[0], nil
}

// choose finds one key of a mapping: the wanted one, else standard, else the
// only one there is.
func (r *reader) choose(n *yaml.Node, what, wanted, standard string, counts func(string) bool) (string, *yaml.Node, error) {
	var names []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		if counts(n.Content[i].Value) {
			names = append(names, n.Content[i].Value)
		}
	}
	slices.Sort(names)
	if wanted == "" && len(names) == 1 {
		wanted = names[0]
	}
	if wanted == "" && slices.Contains(names, standard) {
		wanted = standard
	}
	list := "there are: " + strings.Join(names, ", ")
	if len(names) == 0 {
		list = "there is none"
	}
	if wanted == "" {
		return "", nil, fmt.Errorf("%s: say which %s to use\n  %s", r.file, what, list)
	}
	if found := valueOf(n, wanted); found != nil && slices.Contains(names, wanted) {
		return wanted, found, nil
	}
	if near := spelling.Near(wanted, names); near != "" {
		list += " (did you mean " + near + "?)"
	}
	return "", nil, fmt.Errorf("%s: there is no %s called %s\n  %s", r.file, what, wanted, list)
}

// target reads one output, in our shape or dbt's.
func (r *reader) target(n *yaml.Node, name string, s *Settings) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "target %s must be a mapping of keys", name)
		return
	}
	if valueOf(n, "type") != nil {
		r.dbtTarget(n, name, s)
		return
	}
	r.known(n, "target "+name, sections())
	for i := 0; i+1 < len(n.Content); i += 2 {
		section, v := n.Content[i].Value, follow(n.Content[i+1])
		if _, plain := keyAt(section); plain {
			r.set(section, v, s)
			continue
		}
		if !slices.Contains(sections(), section) || isNull(v) {
			continue
		}
		if v.Kind != yaml.MappingNode {
			r.fail(v, "%s must be a mapping of keys", section)
			continue
		}
		r.known(v, section, keysOf(section))
		for j := 0; j+1 < len(v.Content); j += 2 {
			r.set(section+"."+v.Content[j].Value, follow(v.Content[j+1]), s)
		}
	}
}

// set gives one setting its value; null leaves it as it is.
func (r *reader) set(path string, n *yaml.Node, s *Settings) {
	k, ok := keyAt(path)
	if !ok || isNull(n) {
		return
	}
	v, err := r.plain(n, 0)
	if err == nil {
		err = k.set(s, value{v: v, raw: rawOf(n), dir: r.dir()})
	}
	if err != nil {
		r.fail(n, "%s %w", path, err)
		return
	}
	r.given[path] = true
}

// known reports keys that a mapping may not have, and keys that stand twice.
func (r *reader) known(n *yaml.Node, what string, known []string) {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if first, twice := seen[k.Value]; twice {
			r.fail(k, "%s has %s twice, first on line %d", what, k.Value, first)
		}
		seen[k.Value] = k.Line
		if !slices.Contains(known, k.Value) {
			hint := spelling.Suggest(k.Value, known)
			if hint != "" {
				hint = "\n  " + hint
			}
			r.fail(k, "%s has an unknown key %s%s", what, k.Value, hint)
		}
	}
}

// dir is where relative file names in the file start.
func (r *reader) dir() string { return filepath.Dir(r.file) }
