package jinja

import "time"

// Limits bound one render. A zero field takes its default.
type Limits struct {
	Steps  int // statements and expressions evaluated; default 20 million
	Depth  int // macros, callers and recursive loops within each other; default 300
	Output int // bytes of text kept at once, in output and in strings; default 64 MiB
	Items  int // elements of one list, range, dict or sequence made by one operation; default 1 million
}

// Options of one render.
type Options struct {
	Limits Limits
	// Lenient is dbt's way while parsing a project: an attribute, an item or a
	// call of something undefined is undefined again instead of an error.
	Lenient bool
	// Now is the clock of datetime.now() and the like; nil is time.Now.
	Now func() time.Time
}

const (
	defaultSteps  = 20_000_000
	defaultDepth  = 300
	defaultOutput = 64 << 20
	defaultItems  = 1_000_000
)

func (l Limits) withDefaults() Limits {
	if l.Steps <= 0 {
		l.Steps = defaultSteps
	}
	if l.Depth <= 0 {
		l.Depth = defaultDepth
	}
	if l.Output <= 0 {
		l.Output = defaultOutput
	}
	if l.Items <= 0 {
		l.Items = defaultItems
	}
	return l
}
