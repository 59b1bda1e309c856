package auth

import (
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func chart(changes map[string]any) map[string]any {
	e := map[string]any{"metrics": []string{"gmv"}, "period": "30d", "store": storeA, "ancestors": []string{"https://shop.example"}}
	maps.Copy(e, changes)
	return map[string]any{"embed": e, "stores": nil, "scope": nil}
}

// TestEmbed: a token of a chart is that and nothing more.
func TestEmbed(t *testing.T) {
	v := verifier(t, options())
	sign := func(changes map[string]any) string {
		return signed(t, jwt.SigningMethodHS256, []byte(secret), good(changes), nil)
	}
	p, err := v.Verify(sign(chart(nil)))
	if err != nil || !p.May(Embedded) || len(p.Scopes) != 1 || !p.Sees(id(t, storeA)) || p.Sees(id(t, storeB)) || p.Embed.Days() != 30 {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := v.Verify(sign(chart(map[string]any{"store": ""}))); err != nil || !p.May(Platform) || p.May(Metrics) {
		t.Errorf("of the platform: %+v, %v", p, err)
	}
	if p, err := v.Verify(sign(map[string]any{"scope": "embed metrics"})); err != nil || p.May(Embedded) {
		t.Errorf("as a word of the scope: %+v, %v", p, err)
	}
	beside := func(claim string, value any) map[string]any {
		all := chart(nil)
		all[claim] = value
		return all
	}
	for name, changes := range map[string]map[string]any{
		"a scope beside": beside("scope", "metrics"), "stores beside": beside("stores", []string{storeB}), "origins beside": beside("origins", []string{"https://a.example"}),
		"no metric": chart(map[string]any{"metrics": nil}), "five metrics": chart(map[string]any{"metrics": []string{"a", "b", "c", "d", "e"}}),
		"a long name": chart(map[string]any{"metrics": []string{strings.Repeat("a", 201)}}), "four groups": chart(map[string]any{"group_by": []string{"a", "b", "c", "d"}}),
		"no period": chart(map[string]any{"period": ""}), "a period of nothing": chart(map[string]any{"period": "0d"}), "+1d": chart(map[string]any{"period": "+1d"}),
		"too long": chart(map[string]any{"period": "732d"}), "both": chart(map[string]any{"start": "2026-11-01", "end": "2026-11-02"}),
		"no end": chart(map[string]any{"period": "", "start": "2026-11-01"}), "a theme": chart(map[string]any{"theme": `"><script>`}), "a language": chart(map[string]any{"language": "fr"}),
		"nobody": chart(map[string]any{"ancestors": nil}), "everybody": chart(map[string]any{"ancestors": []string{"*"}}),
		"another directive": chart(map[string]any{"ancestors": []string{"https://a.example; script-src *"}}), "zero": chart(map[string]any{"store": "00000000-0000-0000-0000-000000000000"}),
		"a store's name": chart(map[string]any{"store": "Ana"}),
	} {
		if p, err := v.Verify(sign(changes)); !errors.Is(err, ErrToken) || len(p.Scopes) > 0 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

func TestSignEmbed(t *testing.T) {
	o := options()
	want := &Embed{Metrics: []string{"gmv"}, GroupBy: []string{"metric_time__day"}, Start: "2026-11-01", End: "2026-12-01", Theme: "dark", Language: "en", Ancestors: []string{"https://shop.example"}}
	token, err := Sign(o, Principal{Subject: "me", Embed: want, Expires: noon.Add(time.Hour)}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := verifier(t, o).Verify(token); err != nil || !reflect.DeepEqual(got.Embed, want) {
		t.Errorf("%+v, %v", got.Embed, err)
	}
	if _, err := Sign(o, Principal{Subject: "me", Embed: &Embed{}, Expires: noon}, noon); err == nil {
		t.Error("a link that nobody would believe")
	}
}
