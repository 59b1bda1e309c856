package spelling

import "testing"

func TestNear(t *testing.T) {
	known := []string{"models", "seeds", "sources", "target-path", "tests"}
	for word, want := range map[string]string{
		"modles": "models", "Models": "models", "source": "sources", "sourcse": "sources",
		"target_path": "target-path", "teests": "tests", "zzz": "", "": "", "metrics": "",
	} {
		if got := Near(word, known); got != want {
			t.Errorf("Near(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	if got, want := Suggest("modles", []string{"seeds", "models"}), "did you mean models?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Suggest("nothing", []string{"seeds", "models"}), "known here: models, seeds"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Suggest("nothing", make([]string, 13)); got != "" {
		t.Errorf("a long list is not listed, got %q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"kitten", "sitting", 3}, {"año", "ano", 1}} {
		if got := distance(c.a, c.b, 10); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
