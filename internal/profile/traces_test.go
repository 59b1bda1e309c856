package profile

import (
	"strings"
	"testing"
)

func TestTraces(t *testing.T) {
	for _, c := range []struct{ variable, value, problem string }{
		{"TIENDI_TRACES_URL", "https://user:secret@otlp.example/otlp", ""},
		{"TIENDI_TRACES_RATIO", "0.01", ""},
		{"TIENDI_TRACES_RATIO", "0", ""},
		{"TIENDI_TRACES_URL", "secret:4317", "must be the URL of a receiver"},
		{"TIENDI_TRACES_RATIO", "1.5", "must be a number from 0 to 1"},
		{"TIENDI_TRACES_RATIO", "NaN", "must be a number from 0 to 1"},
	} {
		s, err := Load(Options{ProjectDir: t.TempDir(), LookupEnv: func(name string) (string, bool) {
			return c.value, name == c.variable
		}})
		switch {
		case c.problem == "" && (err != nil || s.Traces.URL.Reveal()+s.Traces.Ratio != c.value):
			t.Errorf("%s=%s: got %q and %q, %v", c.variable, c.value, s.Traces.URL.Reveal(), s.Traces.Ratio, err)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem) || strings.Contains(err.Error(), "secret")):
			t.Errorf("%s=%s: got %v", c.variable, c.value, err)
		}
	}
}
