package project

import (
	"regexp"
	"strings"
)

// ignoreRules are the lines of a .dbtignore file, which are written like
// those of .gitignore: the last line that matches decides.
type ignoreRules []ignoreRule

type ignoreRule struct {
	pattern *regexp.Regexp
	keep    bool // begins with !
}

// parseIgnore reads .dbtignore.
func parseIgnore(text string) ignoreRules {
	var rules ignoreRules
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(strings.TrimRight(line, "\r"), " ")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		rule := ignoreRule{}
		if strings.HasPrefix(line, "!") {
			rule.keep, line = true, line[1:]
		}
		line = strings.TrimPrefix(line, `\`)
		if re, err := regexp.Compile(ignorePattern(line)); err == nil {
			rule.pattern = re
			rules = append(rules, rule)
		}
	}
	return rules
}

// ignorePattern translates one line: it matches a path or any folder above it.
func ignorePattern(line string) string {
	folderOnly := strings.HasSuffix(line, "/")
	line = strings.TrimSuffix(line, "/")
	anchored := strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	var b strings.Builder
	b.WriteString("^")
	if !anchored {
		b.WriteString("(?:.*/)?")
	}
	b.WriteString(globPattern(line))
	if folderOnly {
		return b.String() + "/.*$"
	}
	return b.String() + "(?:/.*)?$"
}

// globPattern translates *, ?, [..] and ** of a path pattern.
func globPattern(glob string) string {
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case strings.HasPrefix(glob[i:], "**/"):
			b.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(glob[i:], "**"):
			b.WriteString(".*")
			i++
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '[' && strings.IndexByte(glob[i+1:], ']') > 0:
			end := i + 1 + strings.IndexByte(glob[i+1:], ']')
			class := strings.ReplaceAll(glob[i+1:end], `\`, `\\`)
			if strings.HasPrefix(class, "!") {
				class = "^" + class[1:]
			}
			b.WriteString("[" + class + "]")
			i = end
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	return b.String()
}

// ignores says whether a path (with slashes, from the package's root) is left
// out.
func (rules ignoreRules) ignores(path string) bool {
	ignored := false
	for _, r := range rules {
		if r.pattern.MatchString(path) {
			ignored = !r.keep
		}
	}
	return ignored
}
