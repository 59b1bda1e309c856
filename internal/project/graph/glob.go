package graph

import (
	"path"
	"strings"
)

// fnmatch is Python's: * matches anything, dots and slashes too, ? one
// letter, [seq] one of some, [!seq] none of them.
func fnmatch(s, pattern string) bool {
	if !strings.ContainsAny(pattern, "*?[") {
		return s == pattern
	}
	text, glob := []rune(s), []rune(pattern)
	i, j, star, mark := 0, 0, -1, 0
	for i < len(text) {
		if j < len(glob) && glob[j] == '*' {
			star, mark = j, i
			j++
			continue
		}
		if ok, width := matchOne(text[i], glob, j); ok {
			i, j = i+1, j+width
			continue
		}
		if star < 0 {
			return false
		}
		mark++
		i, j = mark, star+1
	}
	for j < len(glob) && glob[j] == '*' {
		j++
	}
	return j == len(glob)
}

// matchOne holds one letter against the pattern at j and says how much of the
// pattern that is.
func matchOne(r rune, glob []rune, j int) (bool, int) {
	switch {
	case j >= len(glob):
		return false, 0
	case glob[j] == '?':
		return true, 1
	case glob[j] == '[':
		if end := classEnd(glob, j); end > 0 {
			return matchClass(r, glob[j+1:end]), end - j + 1
		}
	}
	return glob[j] == r, 1
}

// classEnd finds the bracket that closes a class; 0 when there is none.
func classEnd(glob []rune, j int) int {
	end := j + 1
	if end < len(glob) && glob[end] == '!' {
		end++
	}
	if end < len(glob) && glob[end] == ']' {
		end++
	}
	for end < len(glob) && glob[end] != ']' {
		end++
	}
	if end >= len(glob) {
		return 0
	}
	return end
}

func matchClass(r rune, class []rune) bool {
	not := len(class) > 0 && class[0] == '!'
	if not {
		class = class[1:]
	}
	in := false
	for k := 0; k < len(class); k++ {
		if k+2 < len(class) && class[k+1] == '-' {
			in = in || class[k] <= r && r <= class[k+2]
			k += 2
			continue
		}
		in = in || class[k] == r
	}
	return in != not
}

// pathMatch holds a path against a pattern whose * stays within a folder and
// whose ** spans any number of them.
func pathMatch(name, pattern string) bool {
	return segments(strings.Split(name, "/"), strings.Split(pattern, "/"))
}

// segments fills, from the end, which rests of the name match which rests of
// the pattern, so that many ** cost no more than one.
func segments(name, pattern []string) bool {
	match := make([]bool, len(name)+1) // of the pattern's rest, by the name's rest
	match[len(name)] = true
	for j := len(pattern) - 1; j >= 0; j-- {
		row := make([]bool, len(name)+1)
		for i := len(name); i >= 0; i-- {
			switch {
			case pattern[j] == "**":
				row[i] = match[i] || i < len(name) && row[i+1]
			case i < len(name) && match[i+1]:
				row[i] = fnmatch(name[i], pattern[j])
			}
		}
		match = row
	}
	return match[0]
}

// cleanPattern writes a path pattern as paths are written.
func cleanPattern(pattern string) string { return path.Clean(strings.ReplaceAll(pattern, `\`, "/")) }
