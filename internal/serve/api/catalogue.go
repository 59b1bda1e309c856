package api

import (
	"encoding/json"
	"net/http"

	"github.com/tiendi/tiendi/internal/semantic"
)

// entry is a metric as the catalogue has it.
type entry struct {
	Name        string   `json:"name"`
	Label       string   `json:"label,omitempty"`
	Description string   `json:"description"`
	Type        string   `json:"type"`
	Unit        string   `json:"unit,omitempty"`
	Dimensions  []string `json:"dimensions,omitempty"` // of one metric
}

func entryOf(m *semantic.Metric) entry {
	return entry{Name: m.Name, Label: m.Label, Description: m.Description, Type: m.Type, Unit: m.Unit}
}

// catalogue answers GET /v1/metrics.
func (s *Server) catalogue(c *call) error {
	list := []entry{}
	for _, m := range s.options.Metrics.Metrics {
		if !m.Hidden {
			list = append(list, entryOf(m))
		}
	}
	return c.answer(map[string]any{"metrics": list})
}

// metric answers GET /v1/metrics/{name}, with what it can be grouped by.
func (s *Server) metric(c *call) error {
	m := s.options.Metrics.Metric(c.PathValue("name"))
	if m == nil || m.Hidden {
		return refuse(http.StatusNotFound, "there is no such metric: GET /v1/metrics lists them")
	}
	e := entryOf(m)
	offered, err := s.options.Metrics.Offered(m.Name)
	if err != nil {
		return err
	}
	for _, o := range offered {
		e.Dimensions = append(e.Dimensions, o.Name)
	}
	return c.answer(e)
}

// answer writes JSON that is made at once.
func (c *call) answer(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	if h := c.w.Header(); h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	_, _ = c.w.Write(append(body, '\n')) // nobody is there any more
	return nil
}
