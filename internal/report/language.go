package report

import (
	"cmp"
	"fmt"
	"strings"
)

// Language is what a report is written in.
type Language string

// The languages.
const (
	English Language = "en"
	Spanish Language = "es"
)

// ParseLanguage reads a language's code, also with a region: es-PE is es. What
// is not known is fallback.
func ParseLanguage(text string, fallback Language) Language {
	code, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(text, "_", "-")), "-")
	if l := Language(code); l == English || l == Spanish {
		return l
	}
	return fallback
}

// say gives a text by its key, with its figures put in.
func (l Language) say(key string, args ...any) string {
	pair, ok := translations()[key]
	if !ok {
		return key
	}
	text := pair[0]
	if l == Spanish {
		text = pair[1]
	}
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

// metric names a metric.
func (l Language) metric(f *Figure) string {
	if text := spanishMetrics()[f.Name]; l == Spanish && text != "" {
		return text
	}
	return cmp.Or(f.Label, label(f.Name))
}

// step names a step of the funnel; a project's own by its event type.
func (l Language) step(name string) string {
	if _, known := translations()["step "+name]; known {
		return l.say("step " + name)
	}
	return label(name)
}
