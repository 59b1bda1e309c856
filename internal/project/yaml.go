package project

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// Bounds of a YAML file: far above what projects hold, far below what would
// exhaust memory.
const (
	maxYAMLBytes   = 16 << 20
	maxYAMLDepth   = 100
	maxAliasValues = 200_000 // values reached through aliases, each time counted
)

// document is one YAML file on its way to plain values.
type document struct {
	file     string // as it stands in places
	problems Problems
	warnings Problems
	aliased  int // values reached through aliases so far
}

func (d *document) problem(n *yaml.Node, hint, format string, args ...any) {
	d.problems = append(d.problems, Problem{Place: d.place(n), Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (d *document) warn(n *yaml.Node, hint, format string, args ...any) {
	d.warnings = append(d.warnings, Problem{Place: d.place(n), Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (d *document) place(n *yaml.Node) Place {
	if n == nil {
		return Place{File: d.file}
	}
	return Place{File: d.file, Line: n.Line, Column: n.Column}
}

// parse reads the one document of a file; nil when it is empty or broken.
func (d *document) parse(text []byte) *yaml.Node {
	if len(text) > maxYAMLBytes {
		d.problem(nil, "split it into several files", "file of %d bytes is larger than the %d that are read", len(text), maxYAMLBytes)
		return nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		d.syntax(text, err)
		return nil
	}
	if bytes.Contains(text, []byte("\n---")) && !d.single(text) {
		return nil
	}
	if len(root.Content) == 0 {
		return nil
	}
	top := root.Content[0]
	if !d.bounded(top, 0) {
		return nil
	}
	return top
}

// single says whether a text is one document; a further one is a problem.
func (d *document) single(text []byte) bool {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	if err := dec.Decode(&first); err != nil {
		return errors.Is(err, io.EOF)
	}
	err := dec.Decode(&second)
	if errors.Is(err, io.EOF) {
		return true
	}
	if err != nil {
		d.syntax(text, err)
		return false
	}
	d.problem(&second, "remove the --- line or move what follows into a file of its own", "a second YAML document in one file")
	return false
}

// bounded walks the tree once, aliases expanded, so that later steps may
// recurse without counting; it reports duplicate and unusable keys on the way.
func (d *document) bounded(n *yaml.Node, depth int) bool {
	return d.boundedBelow(n, depth, false)
}

func (d *document) boundedBelow(n *yaml.Node, depth int, viaAlias bool) bool {
	if viaAlias {
		if d.aliased++; d.aliased > maxAliasValues {
			d.problem(n, "write the values out instead of nesting aliases in aliases", "aliases expand to more than %d values", maxAliasValues)
			return false
		}
	}
	if depth > maxYAMLDepth {
		d.problem(n, "", "nested deeper than %d levels", maxYAMLDepth)
		return false
	}
	if n.Kind == yaml.AliasNode {
		return d.boundedBelow(n.Alias, depth+1, true)
	}
	if n.Kind == yaml.MappingNode && !viaAlias && !d.keys(n) {
		return false
	}
	for _, c := range n.Content {
		if !d.boundedBelow(c, depth+1, viaAlias) {
			return false
		}
	}
	return true
}

// keys reports keys that are no text, which makes the file unreadable, and
// keys that stand twice; dbt takes the last of those with a deprecation
// notice, and so do we.
func (d *document) keys(n *yaml.Node) bool {
	var seen entrySet
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := resolved(n.Content[i])
		if k.Kind != yaml.ScalarNode {
			d.problem(k, `put Jinja in quotes: key: "{{ … }}"`, "a %s cannot be a key", kindName(k))
			return false
		}
		if k.Value == "<<" {
			continue
		}
		if at := seen.find(k.Value); at >= 0 {
			d.warn(n.Content[i], "remove one of them", "duplicate key %s: the value on line %d is ignored", k.Value, seen.list[at].at.Line)
		}
		seen.put(entry{key: k.Value, at: n.Content[i]}, true)
	}
	return true
}

var syntaxLine = lazyregexp.New(`line (\d+): (.*)$`)

// syntax turns the parser's error into a problem with a place.
func (d *document) syntax(text []byte, err error) {
	at := Place{File: d.file}
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := syntaxLine().FindStringSubmatch(message); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		at.Line = culprit(text, at.Line)
		message = m[2]
		at.Column = indentAt(text, at.Line)
	}
	d.problems = append(d.problems, Problem{Place: at, Message: "not valid YAML: " + message, Hint: syntaxHint(text, at.Line, message)})
}

// culprit is the line at which a text stops being YAML: the parser names the
// line where what it was reading began, which may be far above.
func culprit(text []byte, from int) int {
	ends := []int{}
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	if len(text) > 0 && text[len(text)-1] != '\n' {
		ends = append(ends, len(text))
	}
	more := sort.Search(len(ends)-min(from, len(ends)), func(i int) bool {
		var n yaml.Node
		return yaml.Unmarshal(text[:ends[from+i-1]], &n) != nil
	})
	return from + more
}

func lineAt(text []byte, line int) string {
	for i := 1; len(text) > 0; i++ {
		rest, found := text, false
		if at := bytes.IndexByte(text, '\n'); at >= 0 {
			rest, text, found = text[:at], text[at+1:], true
		}
		if i == line {
			return string(rest)
		}
		if !found {
			return ""
		}
	}
	return ""
}

func indentAt(text []byte, line int) int {
	l := lineAt(text, line)
	if strings.TrimSpace(l) == "" {
		return 0
	}
	return len(l) - len(strings.TrimLeft(l, " \t")) + 1
}

func syntaxHint(text []byte, line int, message string) string {
	l := lineAt(text, line)
	switch {
	case strings.Contains(message, "cannot start any token") && strings.Contains(l, "\t"):
		return "YAML is indented with spaces, never with tabs"
	case strings.Contains(l, ": {{") || strings.Contains(l, "- {{"):
		return `put Jinja in quotes: key: "{{ … }}"`
	case strings.Contains(message, "unexpected end of stream"):
		return "a quote or bracket that opens here is not closed"
	case strings.Contains(message, "did not find expected key"),
		strings.Contains(message, "did not find expected '-' indicator"),
		strings.Contains(message, "mapping values are not allowed"):
		return "look at the indentation of this line and the one before it; text with a colon needs quotes"
	}
	return ""
}
