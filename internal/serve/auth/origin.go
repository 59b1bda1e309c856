package auth

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// maxOrigins bounds the origins of one token.
const maxOrigins = 20

// checkOrigins wants each to be as browsers write it (RFC 6454, 6.2): a name in lower case,
// and no path. What else a text might hold could end a header, or mean every page.
func checkOrigins(claim string, origins []string) error {
	if len(origins) > maxOrigins {
		return fmt.Errorf("%q has %d origins, and %d is the most", claim, len(origins), maxOrigins)
	}
	for _, origin := range origins {
		if !isOrigin(origin) {
			return fmt.Errorf("%q: %.100q is no origin of a page: it is a scheme and a host in lower case, and no path", claim, origin)
		}
	}
	return nil
}

var originForm = lazyregexp.New(`^https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:[0-9]{1,5})?$`)

func isOrigin(text string) bool { return len(text) <= 300 && originForm().MatchString(text) }
