package project

import (
	"crypto/md5" // #nosec: dbt's names, nothing secret
	"encoding/hex"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

var notWord = lazyregexp.New(`[^0-9a-zA-Z_]+`)

// names gives dbt's short name (of files and tables, below 64 letters) and
// full name (of the id), and sorts the arguments by name for both.
func (t *genericTest) names() (short, full string) {
	sort.SliceStable(t.args, func(i, j int) bool { return t.args[i].key < t.args[j].key })
	if t.custom != "" {
		return t.custom, t.custom
	}
	id := t.name
	if t.target.kind == Source {
		id = "source_" + id
	}
	if t.namespace != "" {
		id = t.namespace + "_" + id
	}
	id += "_" + t.target.label()
	var flat []string
	for _, a := range t.args {
		for _, part := range flattened(a.value) {
			flat = append(flat, notWord().ReplaceAllString(part, "_"))
		}
	}
	full = id + "_" + strings.Join(flat, "__")
	if len([]rune(full)) < 64 {
		return full, full
	}
	head := []rune(id)
	return string(head[:min(30, len(head))]) + "_" + md5Hex(full), full
}

// flattened gives an argument's parts as text: one level of a list or mapping.
func flattened(n *yaml.Node) []string {
	n = resolved(n)
	var parts []string
	switch n.Kind {
	case yaml.SequenceNode:
		for _, c := range n.Content {
			parts = append(parts, pythonStr(c))
		}
	case yaml.MappingNode:
		for _, e := range entriesOf(n) {
			parts = append(parts, pythonStr(e.value))
		}
	default:
		parts = []string{pythonStr(n)}
	}
	return parts
}

func md5Hex(s string) string {
	sum := md5.Sum([]byte(s)) // #nosec
	return hex.EncodeToString(sum[:])
}

// hash is the end of the test's unique id: of the name and of the metadata as
// Python prints it. Arguments are sorted by names.
func (t *genericTest) hash(full string) string {
	model := "{{ get_where_subquery(" + t.target.ref() + ") }}"
	b := append(make([]byte, 0, 512), full...)
	b = append(b, "{'kwargs': {"...)
	said := false
	put := func(key string) {
		if said {
			b = append(b, ", "...)
		}
		said = true
		b = append(appendPython(b, key), ": "...)
	}
	modelSaid := false
	for _, a := range t.args {
		if !modelSaid && a.key > "model" {
			put("model")
			b, modelSaid = appendPython(b, model), true
		}
		put(a.key)
		b = appendHashable(b, a.value)
	}
	if !modelSaid {
		put("model")
		b = appendPython(b, model)
	}
	namespace := "None"
	if t.namespace != "" {
		namespace = t.namespace
	}
	b = append(appendPython(append(b, "}, 'name': "...), t.name), ", 'namespace': "...)
	sum := md5.Sum(append(appendPython(b, namespace), '}')) // #nosec
	return hex.EncodeToString(sum[len(sum)-5:])
}

// raw is the test's source as dbt writes it.
func (t *genericTest) raw() string {
	macro := "test_" + t.name
	if t.namespace != "" {
		macro = t.namespace + "." + macro
	}
	text := "{{ " + macro + "(**_dbt_generic_test_kwargs) }}"
	if len(t.config) == 0 {
		return text
	}
	var parts []string
	for _, c := range t.config {
		value := pythonStr(c.value)
		if c.value.Kind == yaml.ScalarNode {
			if s, ok := scalar(c.value).(string); ok {
				value = `"` + strings.ReplaceAll(s, `"`, `\"`) + `"`
			}
		}
		parts = append(parts, c.key+"="+value)
	}
	return text + "{{ config(" + strings.Join(parts, ",") + ") }}"
}
