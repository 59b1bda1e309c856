package auth

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

// Embedded is what a token with the claim "embed" may do, and all that it may do: show one
// chart. No other claim gives it.
const Embedded Scope = "embed"

// Bounds of a chart.
const (
	maxEmbedMetrics = 4
	maxEmbedGroups  = 3
	maxEmbedText    = 200
	maxEmbedDays    = 731
)

// Embed is the one chart that a link shows.
type Embed struct {
	Metrics []string `json:"metrics"`
	GroupBy []string `json:"group_by,omitempty"`
	// Period is the last days that are over, "30d"; or Start and End are given, as
	// 2026-11-01, the end not included.
	Period string `json:"period,omitempty"`
	Start  string `json:"start,omitempty"`
	End    string `json:"end,omitempty"`
	Store  string `json:"store,omitempty"` // id; "": the whole platform
	Title  string `json:"title,omitempty"`
	Theme  string `json:"theme,omitempty"` // light, dark, or "" as the reader's system
	// Language is es, en, or "" for es.
	Language string `json:"language,omitempty"`
	// Ancestors are the origins of the pages that may show it in a frame.
	Ancestors []string `json:"ancestors"`
}

// Days are those of Period, 0 where there is none.
func (e *Embed) Days() int {
	number, ok := strings.CutSuffix(e.Period, "d")
	days, err := strconv.Atoi(number)
	if !ok || err != nil || days < 1 || days > maxEmbedDays || strconv.Itoa(days) != number {
		return 0
	}
	return days
}

// check says what is wrong with a chart.
func (e *Embed) check() error {
	switch {
	case len(e.Metrics) < 1 || len(e.Metrics) > maxEmbedMetrics:
		return fmt.Errorf("it has %d metrics: want 1 to %d", len(e.Metrics), maxEmbedMetrics)
	case len(e.GroupBy) > maxEmbedGroups:
		return fmt.Errorf("it is grouped by %d dimensions, and %d is the most", len(e.GroupBy), maxEmbedGroups)
	case e.Period != "" && e.Days() == 0:
		return fmt.Errorf("the period %.20q is none: want days, as 30d, and %dd at most", e.Period, maxEmbedDays)
	case (e.Period == "") == (e.Start == "" || e.End == ""), e.Period != "" && e.Start+e.End != "":
		return errors.New("it wants either a period or a start and an end")
	case !slices.Contains([]string{"", "light", "dark"}, e.Theme):
		return fmt.Errorf("the theme %.20q is none: want light or dark", e.Theme)
	case !slices.Contains([]string{"", "es", "en"}, e.Language):
		return fmt.Errorf("the language %.20q is none: want es or en", e.Language)
	case len(e.Ancestors) == 0:
		return errors.New("no page may show it: name the origins of those that may")
	}
	for _, text := range slices.Concat(e.Metrics, e.GroupBy, []string{e.Title}) {
		if len(text) > maxEmbedText {
			return fmt.Errorf("a text in it has %d bytes, and %d is the most", len(text), maxEmbedText)
		}
	}
	return checkOrigins("ancestors", e.Ancestors)
}

// embedded makes it the principal of a chart, who may do nothing else.
func (p *Principal) embedded(c *claims) error {
	if c.Scope != "" || len(c.Stores)+len(c.Origins) > 0 {
		return errors.New(`"embed" stands alone: a token with it has no scope, stores or origins`)
	}
	if err := c.Embed.check(); err != nil {
		return fmt.Errorf(`"embed": %w`, err)
	}
	p.Embed, p.Scopes = c.Embed, []Scope{Embedded}
	if c.Embed.Store == "" {
		p.Scopes = append(p.Scopes, Platform)
		return nil
	}
	id, err := event.ParseID([]byte(c.Embed.Store))
	if err == nil && id == (event.ID{}) {
		err = errors.New("the zero UUID is no store's")
	}
	if err != nil {
		return fmt.Errorf(`"embed": store: %w`, err)
	}
	p.Stores = []event.ID{id}
	return nil
}
