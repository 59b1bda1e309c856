package collect

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// Keys are the sources that may write, by the SHA-256 of a write key. A source
// may have several keys, so that a new one can be spread before the old one ends.
type Keys map[[sha256.Size]byte]string

// openSource is the source of what comes in where no keys are asked for.
const openSource = "local"

var sourceName = lazyregexp.New(`^[a-z0-9][a-z0-9_.-]{0,63}$`)

// ParseKeys reads the hashes of each source's write keys, in hexadecimal.
func ParseKeys(sources map[string][]string) (Keys, error) {
	keys := Keys{}
	var problems []error
	for source, hashes := range sources {
		if !sourceName().MatchString(source) {
			problems = append(problems, fmt.Errorf("write keys: %q can be no source: use small letters, digits, and . _ - between", source))
		}
		for i, text := range hashes {
			hash, err := hex.DecodeString(strings.TrimPrefix(text, "sha256:"))
			if err != nil || len(hash) != sha256.Size {
				// The text is not repeated: it may be the key itself.
				problems = append(problems, fmt.Errorf("write keys of %s: number %d is no SHA-256 in hexadecimal\n"+
					"  make it by: printf %%s \"$KEY\" | sha256sum", source, i+1))
				continue
			}
			if other, twice := keys[[sha256.Size]byte(hash)]; twice && other != source {
				problems = append(problems, fmt.Errorf("write keys: %s and %s have the same key: give each its own", min(source, other), max(source, other)))
			}
			keys[[sha256.Size]byte(hash)] = source
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return keys, errors.Join(problems...)
}

// source says whose key it is. The lookup is by hash, so that its time says
// nothing of the keys.
func (k Keys) source(key string) (string, bool) {
	if len(k) == 0 {
		return openSource, true
	}
	source, ok := k[sha256.Sum256([]byte(key))]
	return source, ok && key != ""
}

// presentedKey is the write key of a request: a bearer token, the user name of
// Basic as Segment's libraries send it, or the query's write_key for sendBeacon,
// which cannot set headers.
func presentedKey(r *http.Request) string {
	if user, password, ok := r.BasicAuth(); ok {
		if user == "" {
			return password
		}
		return user
	}
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return r.URL.Query().Get("write_key")
}
