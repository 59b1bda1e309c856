package jinja

import (
	"strings"
	"unicode/utf8"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// wrapper breaks a line as Python's textwrap does, without expanding tabs or
// replacing whitespace.
type wrapper struct {
	width     int
	breakLong bool
	hyphens   bool
}

// wrapChunk finds whitespace, dashes between words, and words, which end after
// a hyphen that stands between letters.
var (
	wrapChunk  = lazyregexp.New(`[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+`)
	hyphenated = lazyregexp.New(`^[\w!"'&.,?]*[\pL_]-`)
	emDash     = lazyregexp.New(`^-{2,}`)
)

// chunks splits a line into pieces that may stand on lines of their own.
func (w wrapper) chunks(line string) []string {
	var out []string
	for _, word := range wrapChunk().FindAllString(line, -1) {
		if !w.hyphens || isSpace(rune(word[0])) {
			out = append(out, word)
			continue
		}
		out = append(out, splitHyphens(word)...)
	}
	return out
}

func splitHyphens(word string) []string {
	var out []string
	start := 0
	for i := 1; i < len(word); i++ {
		if word[i] != '-' {
			continue
		}
		if dash := emDash().FindString(word[i:]); dash != "" && i+len(dash) < len(word) {
			out = append(out, word[start:i], dash)
			start = i + len(dash)
			i = start
			continue
		}
		if i-start >= 2 && hyphenated().MatchString(word[start:i+1]) && letterPair(word[i+1:]) {
			out = append(out, word[start:i+1])
			start = i + 1
		}
	}
	return append(out, word[start:])
}

// letterPair says whether two word letters, or a letter and a hyphen, follow.
func letterPair(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	if !isWordRune(r) || r >= '0' && r <= '9' {
		return false
	}
	r, _ = utf8.DecodeRuneInString(s[n:])
	return isWordRune(r) && !(r >= '0' && r <= '9') || r == '-'
}

func (w wrapper) wrap(line string) []string {
	chunks := w.chunks(line)
	var lines []string
	for len(chunks) > 0 {
		var cur []string
		size := 0
		if strings.TrimFunc(chunks[0], isSpace) == "" && len(lines) > 0 {
			chunks = chunks[1:]
		}
		for len(chunks) > 0 {
			n := utf8.RuneCountInString(chunks[0])
			if size+n > w.width {
				break
			}
			cur, size, chunks = append(cur, chunks[0]), size+n, chunks[1:]
		}
		if len(chunks) > 0 && utf8.RuneCountInString(chunks[0]) > w.width {
			var piece string
			piece, chunks = w.long(chunks, len(cur) == 0, size)
			if piece != "" {
				cur = append(cur, piece)
			}
		}
		if n := len(cur); n > 0 && strings.TrimFunc(cur[n-1], isSpace) == "" {
			cur = cur[:n-1]
		}
		if len(cur) > 0 {
			lines = append(lines, strings.Join(cur, ""))
		}
	}
	return lines
}

// long handles a chunk that fits no line.
func (w wrapper) long(chunks []string, empty bool, size int) (string, []string) {
	if w.breakLong {
		runes := []rune(chunks[0])
		room := max(w.width-size, 1)
		end := room
		if w.hyphens && len(runes) > room {
			if h := strings.LastIndexByte(string(runes[:room]), '-'); h > 0 && strings.Trim(string(runes[:room])[:h], "-") != "" {
				end = utf8.RuneCountInString(string(runes[:room])[:h]) + 1
			}
		}
		rest := append([]string{string(runes[end:])}, chunks[1:]...)
		return string(runes[:end]), rest
	}
	if empty {
		return chunks[0], chunks[1:]
	}
	return "", chunks
}
