// Package metabase signs links to dashboards of a Metabase, which show them in a frame to
// whoever has the link: what Metabase calls static embedding.
package metabase

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Site is a Metabase, and the dashboards of it that may be shown.
type Site struct {
	URL        string         // where browsers reach it, https://metabase.shop.example
	Secret     string         // its embedding secret key
	Dashboards map[string]int // their ids in Metabase, by the name that readers see
}

// Check says what is missing.
func (s Site) Check() error {
	switch u, err := url.Parse(s.URL); {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("metabase.url: %q is no address of a server: want https://metabase.shop.example", s.URL)
	case s.Secret == "":
		return errors.New("metabase.secret is empty: it is the embedding secret key of Metabase's settings")
	case len(s.Dashboards) == 0:
		return errors.New("metabase.dashboards names none: want a name and the dashboard's id in Metabase, as Sales: 7")
	}
	return nil
}

// Origin is what a page must allow in its frames to show the links.
func (s Site) Origin() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Names are the dashboards', in order.
func (s Site) Names() []string { return slices.Sorted(maps.Keys(s.Dashboards)) }

// Link opens the dashboard of that name, and nothing else, until then.
func (s Site) Link(name string, until time.Time) (string, error) {
	id, ok := s.Dashboards[name]
	if !ok {
		return "", fmt.Errorf("there is no dashboard %q", name)
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"resource": map[string]int{"dashboard": id}, "params": map[string]any{}, "exp": until.Unix(),
	}).SignedString([]byte(s.Secret))
	if err != nil {
		return "", err
	}
	return url.JoinPath(s.URL, "embed", "dashboard", token)
}
