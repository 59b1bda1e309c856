package semantic

import (
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

type itemKind int

const (
	elementItem itemKind = iota // a dimension or an entity
	timeItem                    // metric_time
)

// metricTime is what every metric's own time is called.
const metricTime = "metric_time"

// maxLinks bounds how many entities a name goes through.
const maxLinks = 5

// item is what a query groups or filters by: store__city, metric_time__day,
// order__created_at__extract_dow, store.
type item struct {
	kind    itemKind
	name    string   // as it was written
	links   []string // the entities on the way
	element string
	grain   Grain // "" where none was said
	part    string
}

func parseItem(name string) (item, error) {
	it := item{name: name}
	words := strings.Split(name, "__")
	for _, w := range words {
		if !isName(w) || len(name) > maxName {
			return it, wrong("names look like store__city or metric_time__day", "%q names nothing that can be grouped by", excerpt(name))
		}
	}
	if last := words[len(words)-1]; len(words) > 1 {
		if g, ok := parseGrain(last); ok {
			it.grain, words = g, words[:len(words)-1]
		} else if part, ok := strings.CutPrefix(last, "extract_"); ok {
			if parts[part] == "" {
				return it, wrong(spelling.Suggest(part, sorted(parts)), "%s: %s is no part of a date", name, part)
			}
			it.part, words = part, words[:len(words)-1]
		} else if len(words) == 2 && words[0] == metricTime {
			return it, noGrain(name, last)
		}
	}
	it.links, it.element = words[:len(words)-1], words[len(words)-1]
	if len(it.links) > maxLinks {
		return it, wrong("", "%s goes through more than %d entities", name, maxLinks)
	}
	if it.element == metricTime {
		if len(it.links) > 0 {
			return it, wrong("write "+metricTime, "%s: %s belongs to the metric, to no entity", name, metricTime)
		}
		it.kind = timeItem
	}
	return it, nil
}

// noGrain is the error of a name whose end should say how finely time is told.
func noGrain(name, last string) error {
	return wrong(spelling.Suggest(last, grainNames()), "%s: %s is no grain", name, last)
}
