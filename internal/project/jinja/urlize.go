package jinja

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// The long ones are compiled where they are first needed: hardly any template
// makes links, and each would cost every command its share of a millisecond.
var (
	urlWord = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}])))(?::[\d]{1,5})?(?:[/?#]\S*)?$`)
	})
	mailWord = lazyregexp.New(`^\S+@\w[\w.-]*\.\w+$`)
	urlHead  = lazyregexp.New(`^([(<]|&lt;)+`)
	urlTail  = lazyregexp.New(`([)>.,\n]|&gt;)+$`)
	urlSpace = lazyregexp.New(`\s+`)
)

// linker makes links of the URLs and addresses in a text.
type linker struct {
	limit   int // 0 for none
	attrs   string
	schemes []string
}

func urlizeFilter(st *state, a values) (Value, error) {
	s, err := st.str(a[0])
	if err != nil {
		return nil, err
	}
	l := linker{}
	if l.limit, err = intArg(a[1], 0); err != nil {
		return nil, err
	}
	rel := []string{"noopener"}
	if text, given, err := givenText(a[4]); err != nil {
		return nil, err
	} else if given {
		rel = append(rel, strings.Fields(text)...)
	}
	if a[2] != nil && truth(a[2]) {
		rel = append(rel, "nofollow")
	}
	slices.Sort(rel)
	l.attrs = ` rel="` + escapeHTML(strings.Join(slices.Compact(rel), " ")) + `"`
	if target, given, err := givenText(a[3]); err != nil {
		return nil, err
	} else if given {
		l.attrs += ` target="` + escapeHTML(target) + `"`
	}
	if a[5] != nil && a[5] != None {
		items, err := st.collect(a[5])
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			scheme, err := textArg(item)
			if err != nil {
				return nil, err
			}
			l.schemes = append(l.schemes, scheme)
		}
	}
	return Str(l.text(escapeHTML(s))), nil
}

func (l linker) text(s string) string {
	var b strings.Builder
	last := 0
	for _, gap := range append(urlSpace().FindAllStringIndex(s, -1), []int{len(s), len(s)}) {
		b.WriteString(l.word(s[last:gap[0]]))
		b.WriteString(s[gap[0]:gap[1]])
		last = gap[1]
	}
	return b.String()
}

func (l linker) word(word string) string {
	head := urlHead().FindString(word)
	middle := word[len(head):]
	tail := urlTail().FindString(middle)
	middle = middle[:len(middle)-len(tail)]
	for _, pair := range [][2]string{{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}} {
		opened := strings.Count(middle, pair[0])
		if opened <= strings.Count(middle, pair[1]) {
			continue
		}
		for range min(opened, strings.Count(tail, pair[1])) {
			end := strings.Index(tail, pair[1]) + len(pair[1])
			middle, tail = middle+tail[:end], tail[end:]
		}
	}
	return head + l.link(middle) + tail
}

func (l linker) link(s string) string {
	trimmed := s
	if runes := []rune(s); l.limit > 0 && len(runes) > l.limit {
		trimmed = string(runes[:l.limit]) + "..."
	}
	switch {
	case urlWord().MatchString(s):
		href := s
		if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
			href = "https://" + s
		}
		return `<a href="` + href + `"` + l.attrs + `>` + trimmed + `</a>`
	case strings.HasPrefix(s, "mailto:") && mailWord().MatchString(s[7:]):
		return `<a href="` + s + `">` + s[7:] + `</a>`
	case strings.Contains(s, "@") && !strings.HasPrefix(s, "www.") && !strings.HasPrefix(s, "@") &&
		!strings.Contains(s, ":") && mailWord().MatchString(s):
		return `<a href="mailto:` + s + `">` + s + `</a>`
	}
	for _, scheme := range l.schemes {
		if s != scheme && strings.HasPrefix(s, scheme) {
			return `<a href="` + s + `"` + l.attrs + `>` + s + `</a>`
		}
	}
	return s
}
