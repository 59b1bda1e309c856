package main

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/serve/metabase"
)

// metabase is the target's, nil where it has none.
func (s *session) metabase() (*metabase.Site, error) {
	m := s.settings.Metabase
	if m.URL == "" {
		return nil, nil
	}
	site := &metabase.Site{URL: m.URL, Secret: m.Secret.Reveal(), Dashboards: m.Dashboards}
	if err := site.Check(); err != nil {
		return nil, fmt.Errorf("%w\n  see docs/bi.md", err)
	}
	return site, nil
}
