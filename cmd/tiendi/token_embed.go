package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/serve/auth"
)

// embedFlags describe the one chart that a link shows.
type embedFlags struct {
	chart   auth.Embed
	address string
}

func (e *embedFlags) register(f *pflag.FlagSet) {
	f.StringSliceVar(&e.chart.Metrics, "embed", nil, "metrics of one chart: prints a link that shows it in other pages, and opens nothing else")
	f.StringSliceVar(&e.chart.GroupBy, "group-by", nil, "with --embed: dimensions or time; metric_time__day makes a line")
	f.StringVar(&e.chart.Period, "period", "", "with --embed: the last days that are over, as 90d (default 30d, or --start and --end)")
	f.StringVar(&e.chart.Start, "start", "", "with --embed: first day, as 2026-11-01")
	f.StringVar(&e.chart.End, "end", "", "with --embed: the day behind the last one")
	f.StringVar(&e.chart.Title, "title", "", "with --embed: what stands above the chart")
	f.StringVar(&e.chart.Theme, "theme", "", "with --embed: light or dark (default: as the reader's system)")
	f.StringVar(&e.chart.Language, "language", "", "with --embed: es or en (default es)")
	f.StringSliceVar(&e.chart.Ancestors, "frame", nil, "with --embed: origins of the pages that may show it, https://shop.example")
	f.StringVar(&e.address, "url", "http://"+defaultServeListen, "with --embed: where readers reach tiendi serve")
}

// asked says whether a chart is wanted, and refuses flags that only one has.
func (e *embedFlags) asked(f *pflag.FlagSet) (bool, error) {
	if len(e.chart.Metrics) > 0 {
		return true, nil
	}
	var stray error
	f.Visit(func(flag *pflag.Flag) {
		if strings.HasPrefix(flag.Usage, "with --embed") {
			stray = fmt.Errorf("--%s is of a chart: say which with --embed gmv", flag.Name)
		}
	})
	return false, stray
}

// principal is that of the chart.
func (e *embedFlags) principal(o *tokenCommand, p auth.Principal) (auth.Principal, error) {
	if len(o.scopes)+len(o.origins) > 0 || len(p.Stores) > 1 {
		return p, errors.New("--embed shows one chart, of one store or of the platform: it goes with neither --scopes nor --origin, nor with two --stores\n  --frame names the pages that may show it")
	}
	if len(e.chart.Ancestors) == 0 {
		return p, errors.New("--embed: no page may show it yet: name those that may with --frame https://shop.example")
	}
	if len(p.Stores) == 1 {
		e.chart.Store, p.Stores = p.Stores[0].String(), nil
	}
	if e.chart.Period == "" && e.chart.Start+e.chart.End == "" {
		e.chart.Period = "30d"
	}
	p.Scopes, p.Embed = nil, &e.chart
	return p, nil
}

// check wants the chart to be one that the project can draw: readers of the link could not
// mend it.
func (e *embedFlags) check(ctx context.Context, s *session) error {
	if err := s.parse(ctx); err != nil {
		return err
	}
	metrics, err := s.semantic()
	if err != nil {
		return err
	}
	q := semantic.Query{Metrics: e.chart.Metrics, GroupBy: e.chart.GroupBy}
	if e.chart.Store != "" {
		q.Stores = []string{e.chart.Store}
	}
	if _, err := metrics.Compile(q); err != nil {
		return fmt.Errorf("the chart cannot be drawn: %w", err)
	}
	return nil
}

// link is where the chart of a token is.
func (e *embedFlags) link(token string) (string, error) {
	u, err := url.Parse(e.address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("--url: %q is no address of a server: want https://figures.shop.example", e.address)
	}
	return u.JoinPath("embed").String() + "?token=" + token, nil
}
