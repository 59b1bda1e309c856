package profile

import (
	"maps"
	"strings"
	"testing"
)

func TestMetabase(t *testing.T) {
	for _, c := range []struct{ dashboards, problem string }{
		{"Sales=7,Money in=12", ""}, {"Sales", "name=value"}, {"Sales=x", "whole number"}, {"Sales=0", "whole number"},
	} {
		s, err := Load(Options{ProjectDir: t.TempDir(), LookupEnv: func(name string) (string, bool) {
			return c.dashboards, name == "TIENDI_METABASE_DASHBOARDS"
		}})
		switch {
		case c.problem == "" && (err != nil || !maps.Equal(s.Metabase.Dashboards, map[string]int{"Sales": 7, "Money in": 12})):
			t.Errorf("%s: %v, %v", c.dashboards, s, err)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
			t.Errorf("%s: got %v", c.dashboards, err)
		}
	}
}
