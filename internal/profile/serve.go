package profile

import (
	"errors"
	"strings"
)

// Serve is how the API runs, and whose tokens it believes: those signed by Secret, or by
// a key of KeySet.
type Serve struct {
	Listen            string // host:port
	Issuer, Audience  string
	Secret            Secret
	KeySet            string // URL of a JSON Web Key Set
	Origins           []string
	RequestsPerSecond float64 // of a tenant; 0 for the server to decide, as below
	QueriesPerMinute  int
	BenchmarkCohort   int      // least stores that a vendor is told of together
	RequestsPerIP     float64  // a second of one address; 0: no limit
	TrustedProxies    []string // whose X-Forwarded-For is believed
}

// page takes the URL of something that is reached over HTTP, or says what it must be.
func (v value) page(to *string, otherwise string) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	if scheme, rest, _ := strings.Cut(text, "://"); text != "" && (scheme != "http" && scheme != "https" || rest == "") {
		return errors.New(otherwise)
	}
	*to = text
	return nil
}
