package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"
)

const (
	// minSecret is the least of HMAC-SHA-256: as long as its output (RFC 7518, 3.2).
	minSecret = 32
	// maxToken bounds what is parsed at all.
	maxToken = 64 << 10
	// leeway is how far clocks may differ.
	leeway = 30 * time.Second
	// keysPause is how often a key that is not in the set makes it be fetched again, at
	// most: anybody can write a token that names one.
	keysPause = time.Minute
	// keysTimeout bounds a fetch, and with it how long a token of an unknown key waits; one
	// whose turn to have it fetched comes later is refused at once.
	keysTimeout = 3 * time.Second
)

// Options say whose tokens are believed: either Secret or KeySet is given.
type Options struct {
	Issuer   string // of "iss"; required
	Audience string // one of "aud"; required
	Secret   []byte // shared with the issuer, for HS256; 32 bytes at least
	KeySet   string // URL of the issuer's key set (JWKS), for RS256, PS256, ES256 and EdDSA
	Client   *http.Client
	Clock    func() time.Time
	Log      *slog.Logger
}

// Verifier verifies tokens. It may be used by many at once.
type Verifier struct {
	parser *jwt.Parser
	key    jwt.Keyfunc
}

// New makes a verifier. Key sets are fetched now, every hour, and when a token names a key
// that is not in it; an issuer that is away now is there later. They are no longer
// fetched when the context ends.
func New(ctx context.Context, o Options) (*Verifier, error) {
	if o.Issuer == "" || o.Audience == "" {
		return nil, errors.New("issuer and audience of tokens are required: without them, a token for anything else would do")
	}
	if (len(o.Secret) > 0) == (o.KeySet != "") {
		return nil, errors.New("tokens are verified either by a secret or by a key set: give one of them")
	}
	algorithms := []string{"HS256"}
	key := func(*jwt.Token) (any, error) { return o.Secret, nil }
	switch {
	case o.KeySet != "":
		set, err := o.keySet(ctx)
		if err != nil {
			return nil, err
		}
		algorithms, key = []string{"RS256", "PS256", "ES256", "EdDSA"}, set.Keyfunc
	case len(o.Secret) < minSecret:
		return nil, fmt.Errorf("the secret of tokens has %d bytes, and HS256 wants %d: openssl rand -hex 32", len(o.Secret), minSecret)
	}
	return &Verifier{key: key, parser: jwt.NewParser(
		jwt.WithValidMethods(algorithms), jwt.WithIssuer(o.Issuer), jwt.WithAudience(o.Audience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(o.Clock), jwt.WithStrictDecoding(),
	)}, nil
}

func (o Options) keySet(ctx context.Context) (keyfunc.Keyfunc, error) {
	set, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{o.KeySet}, keyfunc.Override{
		Client:            cmp.Or(o.Client, http.DefaultClient),
		HTTPTimeout:       keysTimeout,
		RateLimitWaitMax:  keysTimeout,
		RefreshUnknownKID: rate.NewLimiter(rate.Every(keysPause), 1),
		RefreshErrorHandlerFunc: func(url string) func(context.Context, error) {
			return func(_ context.Context, err error) {
				o.Log.Warn("the key set of tokens was not fetched, and is tried again", "url", url, "err", err)
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("key set of tokens: %w", err)
	}
	return set, nil
}

// ErrToken is of a token that is not believed.
var ErrToken = errors.New("the token is refused")

// Verify says whose token it is, or ErrToken and why not. The reason may be told to whoever sent it.
func (v *Verifier) Verify(token string) (Principal, error) {
	if len(token) > maxToken {
		return Principal{}, fmt.Errorf("%w: it is longer than %d bytes", ErrToken, maxToken)
	}
	var c claims
	parsed, err := v.parser.ParseWithClaims(token, &c, v.key)
	if err != nil {
		return Principal{}, fmt.Errorf("%w: %s", ErrToken, reason(err))
	}
	if _, critical := parsed.Header["crit"]; critical {
		return Principal{}, fmt.Errorf("%w: it has a critical header, and none is understood here", ErrToken)
	}
	p, err := c.principal()
	if err != nil {
		return Principal{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return p, nil
}

// reason says what was wrong without saying what would be right.
func reason(err error) string {
	for _, known := range []struct {
		err  error
		text string
	}{
		{jwt.ErrTokenMalformed, "it is no JSON Web Token"},
		{jwt.ErrTokenUnverifiable, "its key is not known"},
		{jwt.ErrTokenSignatureInvalid, "its signature or algorithm is not the issuer's"},
		{jwt.ErrTokenExpired, "it has expired"},
		{jwt.ErrTokenNotValidYet, "it is not valid yet"},
		{jwt.ErrTokenUsedBeforeIssued, "it was issued in the future"},
		{jwt.ErrTokenInvalidAudience, "it is meant for another audience"},
		{jwt.ErrTokenInvalidIssuer, "it is of another issuer"},
		{jwt.ErrTokenRequiredClaimMissing, "it lacks a claim: iss, aud, exp and sub are required"},
	} {
		if errors.Is(err, known.err) {
			return known.text
		}
	}
	return "it is not valid"
}
