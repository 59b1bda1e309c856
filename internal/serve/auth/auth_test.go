package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tiendi/tiendi/internal/event"
)

const (
	secret = "0123456789abcdef0123456789abcdef"
	storeA = "aaaaaaaa-0000-4000-8000-000000000001"
	storeB = "bbbbbbbb-0000-4000-8000-000000000002"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func options() Options {
	return Options{
		Issuer: "https://shop.example", Audience: "tiendi", Secret: []byte(secret),
		Clock: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
	}
}

func verifier(t testing.TB, o Options) *Verifier {
	t.Helper()
	v, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// good are claims that are believed.
func good(changes map[string]any) jwt.MapClaims {
	c := jwt.MapClaims{
		"iss": "https://shop.example", "aud": []string{"other", "tiendi"}, "sub": "ana",
		"exp": noon.Add(time.Hour).Unix(), "iat": noon.Unix(), "stores": []string{storeA}, "scope": "metrics live",
	}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

func signed(t testing.TB, method jwt.SigningMethod, key any, c jwt.MapClaims, headers map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	maps.Copy(token.Header, headers)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestVerify(t *testing.T) {
	v := verifier(t, options())
	p, err := v.Verify(signed(t, jwt.SigningMethodHS256, []byte(secret), good(map[string]any{
		"stores": []string{storeB, strings.ToUpper(storeA), storeB}, "scope": "metrics openid  live metrics",
	}), nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintln(p.Subject, p.Stores, p.Scopes, p.Expires.UTC()); got != fmt.Sprintln("ana", []string{storeA, storeB}, "[metrics live]", noon.Add(time.Hour)) {
		t.Error(got)
	}
	a, b := id(t, storeA), id(t, storeB)
	if !p.Sees(a) || !p.Sees(b) || p.Sees(event.ID{}) || p.Sees(id(t, "cccccccc-0000-4000-8000-000000000003")) || p.May(Platform) {
		t.Errorf("%+v", p)
	}
}

func id(t testing.TB, text string) event.ID {
	t.Helper()
	id, err := event.ParseID([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestRefused: each token lacks one thing, and the reason does not say what would do.
func TestRefused(t *testing.T) {
	v := verifier(t, options())
	changed := func(changes map[string]any) string {
		return signed(t, jwt.SigningMethodHS256, []byte(secret), good(changes), nil)
	}
	whole := changed(nil)
	parts := strings.Split(whole, ".")
	encode := base64.RawURLEncoding.EncodeToString
	for name, c := range map[string]struct{ token, reason string }{
		"nothing":           {"", "no JSON Web Token"},
		"two parts":         {parts[0] + "." + parts[1], "no JSON Web Token"},
		"no signature":      {parts[0] + "." + parts[1] + ".", "signature"},
		"another payload":   {parts[0] + "." + encode([]byte(`{"iss":"https://shop.example","aud":"tiendi","sub":"eve","exp":9999999999}`)) + "." + parts[2], "signature"},
		"another signature": {parts[0] + "." + parts[1] + "." + flip(parts[2]), "signature"},
		"not base64":        {parts[0] + "." + parts[1] + ".!!!", "no JSON Web Token"},
		"blank before":      {" " + whole, "no JSON Web Token"},
		"alg none":          {signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good(nil), nil), "signature or algorithm"},
		"alg None":          {encode([]byte(`{"alg":"None","typ":"JWT"}`)) + "." + parts[1] + ".", "key is not known"},
		"no alg":            {encode([]byte(`{"typ":"JWT"}`)) + "." + parts[1] + "." + parts[2], "key"},
		"HS384":             {signed(t, jwt.SigningMethodHS384, []byte(secret), good(nil), nil), "signature or algorithm"},
		"another secret":    {signed(t, jwt.SigningMethodHS256, []byte(secret+"x"), good(nil), nil), "signature"},
		"critical":          {signed(t, jwt.SigningMethodHS256, []byte(secret), good(nil), map[string]any{"crit": []string{"b64"}, "b64": false}), "critical"},
		"expired":           {changed(map[string]any{"exp": noon.Add(-time.Minute).Unix()}), "expired"},
		"no expiry":         {changed(map[string]any{"exp": nil}), "lacks a claim"},
		"expiry as a word":  {changed(map[string]any{"exp": "never"}), "no JSON Web Token"},
		"not yet":           {changed(map[string]any{"nbf": noon.Add(time.Hour).Unix()}), "not valid yet"},
		"from the future":   {changed(map[string]any{"iat": noon.Add(time.Hour).Unix()}), "future"},
		"another audience":  {changed(map[string]any{"aud": "billing"}), "another audience"},
		"no audience":       {changed(map[string]any{"aud": nil}), "lacks a claim"},
		"audience's prefix": {changed(map[string]any{"aud": "tiend"}), "another audience"},
		"another issuer":    {changed(map[string]any{"iss": "https://shop.example.evil"}), "another issuer"},
		"no issuer":         {changed(map[string]any{"iss": nil}), "lacks a claim"},
		"nobody":            {changed(map[string]any{"sub": nil}), `no "sub"`},
		"a store's name":    {changed(map[string]any{"stores": []string{storeA, "my store"}}), "stores"},
		"zero store":        {changed(map[string]any{"stores": []string{"00000000-0000-0000-0000-000000000000"}}), "zero UUID"},
		"stores as text":    {changed(map[string]any{"stores": storeA}), "no JSON Web Token"},
		"too many stores":   {changed(map[string]any{"stores": make([]string, maxStores+1)}), "is the most"},
		"every page":        {changed(map[string]any{"origins": []string{"*"}}), "no origin of a page"},
		"an open header":    {changed(map[string]any{"origins": []string{"https://a.example\r\nX: y"}}), "no origin of a page"},
		"a page's path":     {changed(map[string]any{"origins": []string{"https://a.example/"}}), "no origin of a page"},
		"too many origins":  {changed(map[string]any{"origins": slices.Repeat([]string{"https://a.example"}, maxOrigins+1)}), "is the most"},
		"too long":          {changed(map[string]any{"note": strings.Repeat("x", maxToken)}), "longer than"},
	} {
		p, err := v.Verify(c.token)
		if !errors.Is(err, ErrToken) || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
		if p.Subject != "" && err == nil || len(p.Scopes) > 0 {
			t.Errorf("%s: it is somebody all the same: %+v", name, p)
		}
		if err != nil && (strings.Contains(err.Error(), "shop.example") || strings.Contains(err.Error(), secret)) {
			t.Errorf("%s: the reason says too much: %v", name, err)
		}
	}
}

func flip(s string) string {
	if s[0] == 'A' {
		return "B" + s[1:]
	}
	return "A" + s[1:]
}

func TestLeeway(t *testing.T) {
	v := verifier(t, options())
	for ago, want := range map[time.Duration]bool{leeway - time.Second: true, leeway + time.Second: false} {
		_, err := v.Verify(signed(t, jwt.SigningMethodHS256, []byte(secret), good(map[string]any{"exp": noon.Add(-ago).Unix()}), nil))
		if (err == nil) != want {
			t.Errorf("%v ago: %v", ago, err)
		}
	}
}

func TestOptions(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"issuer and audience": func(o *Options) { o.Issuer = "" },
		"audience of tokens":  func(o *Options) { o.Audience = "" },
		"give one of them":    func(o *Options) { o.KeySet = "https://shop.example/keys" },
		"either by a secret":  func(o *Options) { o.Secret = nil },
		"31 bytes":            func(o *Options) { o.Secret = o.Secret[1:] },
	} {
		o := options()
		change(&o)
		if _, err := New(t.Context(), o); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), secret[1:]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSign(t *testing.T) {
	o := options()
	want := Principal{Subject: "me", Stores: []event.ID{id(t, storeA), id(t, storeB)}, Scopes: []Scope{Metrics, Platform}, Origins: []string{"https://a.example:8443", "http://[::1]:80"}, Expires: noon.Add(time.Hour)}
	token, err := Sign(o, want, noon)
	if err != nil {
		t.Fatal(err)
	}
	got, err := verifier(t, o).Verify(token)
	if err != nil || fmt.Sprint(got.Stores, got.Scopes, got.Subject, got.Origins) != fmt.Sprint(want.Stores, want.Scopes, want.Subject, want.Origins) {
		t.Errorf("%+v, %v", got, err)
	}
	if o.Secret = nil; err == nil {
		_, err = Sign(o, want, noon)
	}
	if err == nil {
		t.Error("a token without a secret")
	}
}

func TestTenant(t *testing.T) {
	a, b := id(t, storeA), id(t, storeB)
	seen := map[string]string{}
	for name, p := range map[string]Principal{
		"nothing": {}, "a": {Stores: []event.ID{a}}, "b": {Stores: []event.ID{b}}, "both": {Stores: []event.ID{a, b}},
		"platform": {Scopes: []Scope{Platform}},
	} {
		if other, twice := seen[p.Tenant()]; twice {
			t.Errorf("%s and %s are one tenant", name, other)
		}
		seen[p.Tenant()] = name
	}
	if (Principal{Subject: "x", Stores: []event.ID{a}, Scopes: []Scope{Metrics}}).Tenant() != (Principal{Subject: "y", Stores: []event.ID{a}}).Tenant() {
		t.Error("two that see the same are two tenants")
	}
}

// FuzzVerify: whatever is not signed by the secret is refused, and nothing panics.
func FuzzVerify(f *testing.F) {
	v := verifier(f, options())
	whole := signed(f, jwt.SigningMethodHS256, []byte(secret), good(nil), nil)
	f.Add(whole)
	f.Add(strings.Replace(whole, ".", "..", 1))
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("eyJhbGciOiJIUzI1NiIsImNyaXQiOlsieCJdfQ.eyJleHAiOjFlMzA4fQ.AA")
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := v.Verify(token); err == nil && token != whole {
			t.Errorf("%q is believed", token)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	v := verifier(b, options())
	token := signed(b, jwt.SigningMethodHS256, []byte(secret), good(nil), nil)
	for b.Loop() {
		if _, err := v.Verify(token); err != nil {
			b.Fatal(err)
		}
	}
}
