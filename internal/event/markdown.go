package event

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

// Markdown describes all types of the registry: what every event carries, then
// each type's properties with an example. The same schemas give the same text.
func (r *Registry) Markdown() string {
	var b strings.Builder
	b.WriteString("# Events\n\nWritten by `tiendi events docs` from the JSON Schemas.\n\n## What every event carries\n\n")
	web, server := r.envelope("web_event", ""), r.envelope("server_event", "")
	b.WriteString("| field | values | web events | server events | meaning |\n|---|---|---|---|---|\n")
	writeEnvelope(&b, web, server, "")
	for _, side := range []struct {
		title string
		web   bool
	}{{"Web events", true}, {"Server events", false}} {
		fmt.Fprintf(&b, "\n## %s\n", side.title)
		for _, info := range r.Types() {
			if info.Web == side.web {
				r.writeType(&b, info)
			}
		}
	}
	return b.String()
}

func writeEnvelope(b *strings.Builder, web, server *node, prefix string) {
	for i := range web.members {
		m, other := &web.members[i], server.member(web.members[i].key)
		fmt.Fprintf(b, "| `%s%s` | %s | %s | %s | %s |\n", prefix, m.key, cell(m.node.values()),
			presence(m), presence(other), cell(m.node.description))
		writeEnvelope(b, m.node, other.node, prefix+m.key+".")
	}
}

func presence(m *member) string {
	if m.required {
		return "required"
	}
	return "optional"
}

func (r *Registry) writeType(b *strings.Builder, info TypeInfo) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n", info.Type, cmp.Or(info.Description, "No description."))
	if info.File != "" {
		fmt.Fprintf(b, "\nFrom `%s`.", info.File)
		if info.Full {
			b.WriteString(" The schema says more than the table.")
		}
		b.WriteString("\n")
	}
	properties := r.types[string(info.Type)].node.at("properties")
	b.WriteString("\n| property | values | presence | meaning |\n|---|---|---|---|\n")
	writeProperties(b, properties, "")
	for _, example := range properties.examples {
		fmt.Fprintf(b, "\n```json\n%s\n```\n", example)
	}
}

func writeProperties(b *strings.Builder, n *node, prefix string) {
	for i := range n.members {
		m := &n.members[i]
		fmt.Fprintf(b, "| `%s%s` | %s | %s | %s |\n", prefix, m.key, cell(m.node.values()), presence(m), cell(m.node.description))
		writeProperties(b, m.node, prefix+m.key+".")
		if m.node.items != nil {
			writeProperties(b, m.node.items, prefix+m.key+"[].")
		}
	}
}

// cell keeps text from breaking a table's row.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ").Replace(text)
}

// values says in words what a value may be.
func (n *node) values() string {
	var parts []string
	kinds := n.kinds
	if kinds&jsonschema.KindString != 0 {
		parts = append(parts, n.stringValues())
		kinds &^= jsonschema.KindString
	}
	for _, name := range kinds.Names() {
		switch name {
		case "number", "integer":
			if ranges := n.ranges(); len(ranges) > 0 {
				name += " " + strings.Join(ranges, ", ")
			}
		case "array":
			name = "list"
			if n.maxItems >= 0 || n.minItems > 0 {
				name += " of " + limits(n.minItems, n.maxItems)
			}
		}
		parts = append(parts, name)
	}
	if n.kinds == kindAny {
		return "anything"
	}
	return strings.Join(parts, " or ")
}

func (n *node) stringValues() string {
	switch {
	case n.only:
		return "`" + strings.Join(n.fixed, "`, `") + "`"
	case n.format == formatUUID:
		return "UUID"
	case n.format == formatDateTime:
		return "RFC 3339 time"
	case n.maxLen >= 0 || n.minLen > 0:
		return "text of " + limits(n.minLen, n.maxLen) + " characters"
	}
	return "text"
}
