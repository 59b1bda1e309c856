package load

import "strings"

// member is a JSON key that a table reads; column is -1 for those that only
// lead to others.
type member struct {
	key      string
	column   int
	children []member
}

// jsonMembers arranges the paths of a table's columns as a tree.
func jsonMembers(t *Table) []member {
	var root member
	for i, c := range t.Columns {
		if c.Path == "" {
			continue
		}
		at := &root
		for key := range strings.SplitSeq(c.Path, ".") {
			at = at.child(key)
		}
		at.column = i
	}
	return root.children
}

func (m *member) child(key string) *member {
	for i := range m.children {
		if m.children[i].key == key {
			return &m.children[i]
		}
	}
	m.children = append(m.children, member{key: key, column: -1})
	return &m.children[len(m.children)-1]
}

// findMember looks for a key from *next on, which it moves behind what it finds.
func findMember(members []member, key []byte, next *int) *member {
	for range members {
		if *next >= len(members) {
			*next = 0
		}
		m := &members[*next]
		*next++
		if m.key == string(key) {
			return m
		}
	}
	return nil
}
