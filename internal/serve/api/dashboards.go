package api

import (
	"time"

	"github.com/tiendi/tiendi/internal/serve/auth"
)

// linksFor is how long a link to a dashboard opens it, or as long as the token is good that
// asked for it.
const linksFor = time.Hour

// linkedDashboard is one of another tool's.
type linkedDashboard struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// dashboards answers GET /v1/dashboards. What these show is the other tool's to say, and not
// bound to stores: they are for administrators alone.
func (s *Server) dashboards(c *call) error {
	c.w.Header().Set("Cache-Control", "no-store")
	list := []linkedDashboard{}
	if site := s.options.Metabase; site != nil && c.who.May(auth.Platform) {
		until := s.options.Clock().Add(linksFor)
		if c.who.Expires.Before(until) {
			until = c.who.Expires
		}
		for _, name := range site.Names() {
			link, err := site.Link(name, until)
			if err != nil {
				return err
			}
			list = append(list, linkedDashboard{name, link})
		}
	}
	return c.answer(map[string]any{"dashboards": list})
}

// frames are the origins that the pages may have in frames.
func (s *Server) frames() []string {
	if s.options.Metabase == nil {
		return nil
	}
	return []string{s.options.Metabase.Origin()}
}
