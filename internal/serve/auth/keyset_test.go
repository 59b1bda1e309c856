package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

// issuer publishes keys.
type issuer struct {
	*httptest.Server
	mu   sync.Mutex
	keys jwkset.JWKSMarshal
	away bool
}

func newIssuer(t *testing.T) *issuer {
	s := &issuer{}
	s.Server = httptest.NewServer(s.handler(t))
	t.Cleanup(s.Close)
	return s
}

// handler answers with the keys that are published now.
func (s *issuer) handler(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.away {
			http.Error(w, "away", http.StatusBadGateway)
			return
		}
		store := jwkset.NewMemoryStorage()
		for _, k := range s.keys.Keys {
			jwk, err := jwkset.NewJWKFromMarshal(k, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
			if err != nil {
				t.Error(err)
			}
			_ = store.KeyWrite(r.Context(), jwk)
		}
		body, err := store.JSONPublic(r.Context())
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(body)
	}
}

// RoundTrip answers without a network, so that time may be the test's own.
func (h handled) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	http.HandlerFunc(h).ServeHTTP(w, r)
	return w.Result(), nil
}

type handled http.HandlerFunc

// publish adds the public half of a key.
func (s *issuer) publish(t *testing.T, id string, key crypto.Signer) {
	t.Helper()
	jwk, err := jwkset.NewJWKFromKey(key.Public(), jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: id}})
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys.Keys = append(s.keys.Keys, jwk.Marshal())
}

func (s *issuer) options() Options {
	o := options()
	o.Secret, o.KeySet = nil, s.URL
	return o
}

func named(id string) map[string]any { return map[string]any{"kid": id} }

func newKey[K any](t *testing.T, make func() (K, error)) K {
	t.Helper()
	k, err := make()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeySet(t *testing.T) {
	s := newIssuer(t)
	a := newKey(t, func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
	e := newKey(t, func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
	d := newKey(t, func() (ed25519.PrivateKey, error) { _, k, err := ed25519.GenerateKey(rand.Reader); return k, err })
	s.publish(t, "a", a)
	s.publish(t, "e", e)
	s.publish(t, "d", d)
	v := verifier(t, s.options())
	for method, key := range map[jwt.SigningMethod]any{jwt.SigningMethodRS256: a, jwt.SigningMethodPS256: a, jwt.SigningMethodES256: e, jwt.SigningMethodEdDSA: d} {
		id := map[any]string{a: "a", e: "e"}
		kid := "d"
		if method != jwt.SigningMethodEdDSA {
			kid = id[key]
		}
		if _, err := v.Verify(signed(t, method, key, good(nil), named(kid))); err != nil {
			t.Errorf("%s: %v", method.Alg(), err)
		}
	}
	der, err := x509.MarshalPKIXPublicKey(a.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	for name, token := range map[string]string{
		"the public key as a secret":   signed(t, jwt.SigningMethodHS256, public, good(nil), named("a")),
		"the public key as DER secret": signed(t, jwt.SigningMethodHS256, der, good(nil), named("a")),
		"another kind of key":          signed(t, jwt.SigningMethodES256, e, good(nil), named("a")),
		"somebody else's key":          signed(t, jwt.SigningMethodRS256, newKey(t, func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }), good(nil), named("a")),
		"its own key in the header":    signed(t, jwt.SigningMethodRS256, newKey(t, func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }), good(nil), map[string]any{"kid": "x", "jku": "https://evil.example", "jwk": map[string]any{"kty": "RSA"}}),
		"RS512":                        signed(t, jwt.SigningMethodRS512, a, good(nil), named("a")),
		"none":                         signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good(nil), named("a")),
		"no key is named":              signed(t, jwt.SigningMethodHS256, public, good(nil), nil),
		"a file as a key":              signed(t, jwt.SigningMethodHS256, []byte{}, good(nil), named("../../../../dev/null")),
		"a query as a key":             signed(t, jwt.SigningMethodHS256, []byte("x"), good(nil), named("a' UNION SELECT 'x' --")),
		"a number as a key":            signed(t, jwt.SigningMethodRS256, a, good(nil), map[string]any{"kid": 1}),
		"a list of keys":               signed(t, jwt.SigningMethodRS256, a, good(nil), map[string]any{"kid": []string{"a"}}),
		"a key by its URL":             signed(t, jwt.SigningMethodRS256, a, good(nil), named(s.URL)),
		"PS256 by a key of ES256":      signed(t, jwt.SigningMethodPS256, a, good(nil), named("e")),
		"EdDSA by a key of RS256":      signed(t, jwt.SigningMethodEdDSA, d, good(nil), named("a")),
		"ES256 by a key of EdDSA":      signed(t, jwt.SigningMethodES256, e, good(nil), named("d")),
	} {
		if _, err := v.Verify(token); !errors.Is(err, ErrToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKeySetIsFetchedHourly: a key that is withdrawn is believed for an hour at most, and
// an issuer that is away then withdraws none.
func TestKeySetIsFetchedHourly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, s := time.Now(), &issuer{}
		var log strings.Builder
		o := options()
		o.Secret, o.KeySet, o.Client = nil, "https://shop.example/keys", &http.Client{Transport: handled(s.handler(t))}
		o.Clock = func() time.Time { return noon.Add(time.Since(began)) }
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
		old := newKey(t, func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
		next := newKey(t, func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
		s.publish(t, "old", old)
		v := verifier(t, o)
		believed := func(when, kid string, key any, want bool) {
			t.Helper()
			token := signed(t, jwt.SigningMethodES256, key, good(map[string]any{"exp": noon.Add(24 * time.Hour).Unix()}), named(kid))
			if _, err := v.Verify(token); (err == nil) != want {
				t.Errorf("%s, %s: %v", when, kid, err)
			}
		}
		hour := func() {
			time.Sleep(time.Hour + time.Second)
			synctest.Wait()
		}
		set := func(away bool, change func()) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.away = away; change != nil {
				change()
			}
		}
		believed("at first", "old", old, true)
		hour()
		believed("after an hour", "old", old, true)
		set(true, nil)
		hour()
		believed("while the issuer is away", "old", old, true)
		if !strings.Contains(log.String(), "was not fetched") {
			t.Errorf("the log does not say so: %q", log.String())
		}
		set(false, func() { s.keys.Keys = nil })
		s.publish(t, "next", next)
		believed("withdrawn just now", "old", old, true)
		hour()
		believed("withdrawn an hour ago", "old", old, false)
		believed("rotated", "next", next, true)
	})
}

// TestKeySetChanges: a key that was published since is found, and one of an issuer that
// was away when tiendi started.
func TestKeySetChanges(t *testing.T) {
	s := newIssuer(t)
	s.away = true
	v := verifier(t, s.options())
	key := newKey(t, func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
	token := signed(t, jwt.SigningMethodES256, key, good(nil), named("new"))
	s.mu.Lock()
	s.away = false
	s.mu.Unlock()
	s.publish(t, "new", key)
	if _, err := v.Verify(token); err != nil {
		t.Errorf("a key that is published now: %v", err)
	}
	// The set is not fetched for everybody who makes up a key.
	s.Close()
	_, err := v.Verify(signed(t, jwt.SigningMethodES256, key, good(nil), named("made up")))
	if !errors.Is(err, ErrToken) || !strings.Contains(err.Error(), "key is not known") {
		t.Errorf("a made up key: %v", err)
	}
}
