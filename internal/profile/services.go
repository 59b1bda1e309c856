package profile

import (
	"fmt"
	"slices"
	"strings"
)

// Postgres says where live figures and checkpoints are kept. Without a URL they are
// not.
type Postgres struct {
	URL Secret // postgres://user:password@host:5432/database
}

// CDC says which tables of a PostgreSQL database are mirrored. What is empty is for the
// mirroring to decide.
type CDC struct {
	URL         Secret // postgres://user:password@host:5432/database
	Tables      []string
	Slot        string
	Publication string
	Listen      string // host:port of health and metrics, "" for none
}

// Redis says where live figures are kept for the dashboards. Without a URL they are
// not.
type Redis struct {
	URL Secret // redis://user:password@host:6379/0, rediss:// with TLS
}

// url takes the URL of a service by its scheme. What it says of a wrong one repeats
// nothing of it: it may hold a password.
func (v value) url(to *Secret, schemes ...string) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	scheme, rest, _ := strings.Cut(text, "://")
	if text != "" && (!slices.Contains(schemes, scheme) || rest == "") {
		return fmt.Errorf("must be a URL, %s://user:password@host:port/database", schemes[0])
	}
	*to = Secret(text)
	return nil
}
