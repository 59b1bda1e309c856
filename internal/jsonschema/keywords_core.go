package jsonschema

func takeRef(c *compiler, s *Schema, value any, at place) {
	if text, ok := c.text(value, at); ok {
		c.refs = append(c.refs, reference{s, text, at})
	}
}

func takeDraft(c *compiler, _ *Schema, value any, at place) {
	if value != Draft {
		c.problem(at, "write %q, the version of JSON Schema that tiendi reads", Draft)
	}
}

// takeID permits the URL that the document has in any case.
func takeID(c *compiler, s *Schema, value any, at place) {
	if s.at.pointer != "" || value != s.at.url {
		c.problem(at, "leave it out: it moves what references mean")
	}
}

func takeAnchor(c *compiler, s *Schema, value any, at place) {
	name, ok := c.text(value, at)
	if !ok {
		return
	}
	if !isAnchor(name) {
		c.problem(at, "%s is no name: want letters, digits, -, _ and ., and first a letter or _", show(name))
		return
	}
	key := place{s.at.url, name}
	if other := c.anchors[key]; other != nil {
		c.problem(at, "%s is the $anchor of %s already: choose another", show(name), other.at.pointer)
		return
	}
	c.anchors[key] = s
}

func isAnchor(name string) bool {
	for i := range len(name) {
		c := name[i]
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c == '_':
		case i > 0 && (isDigit(c) || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return name != ""
}

// refused is a keyword of JSON Schema that is not followed.
func refused(instead string) keyword {
	return func(c *compiler, _ *Schema, _ any, at place) { c.problem(at, "%s", instead) }
}

// typed is a keyword whose value only has to be of a type.
func typed(kind Kinds, called string) keyword {
	return func(c *compiler, _ *Schema, value any, at place) {
		if kindOf(value) != kind {
			c.problem(at, "want %s, got %s", called, show(value))
		}
	}
}

func (c *compiler) text(value any, at place) (string, bool) {
	text, ok := value.(string)
	if !ok {
		c.problem(at, "want a string, got %s", show(value))
	}
	return text, ok
}

// texts are a list of strings, none of them twice.
func (c *compiler) texts(value any, at place) (all []string) {
	list, ok := value.([]any)
	if !ok {
		c.problem(at, "want a list of strings, got %s", show(value))
	}
	seen := map[string]bool{}
	for _, item := range list {
		text, ok := item.(string)
		if !ok {
			c.problem(at, "want a list of strings, and %s is none", show(item))
			continue
		}
		if seen[text] {
			c.problem(at, "%s is there twice: leave one out", show(text))
		}
		seen[text] = true
		all = append(all, text)
	}
	return all
}
