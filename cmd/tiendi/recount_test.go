package main

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
)

// recount is a marketplace as its files have it. KPIs are counted from it in
// plain Go, by the words of the KPIs' definitions and by nothing of the models.
type recount struct {
	orders        []countedOrder
	items         []countedItem
	products      []productVersion
	stores        []storeVersion
	users         []time.Time // created_at
	subscriptions []subscription
	lines         int          // event lines, resent ones included
	rawLines      int          // the same without lines that another file has, too
	events        []shopEvent  // each event_id once, bots included
	sessions      []webSession // cut as the definition says
	counted       map[string]figures
}

type countedOrder struct {
	id, store, user, status string
	created, updated        time.Time
	gmv, commission         *big.Rat
	units                   int64
}

func (o countedOrder) placed() bool    { return o.status != "CANCELADO" }
func (o countedOrder) delivered() bool { return o.status == "ENTREGADO" }

type countedItem struct {
	order, product string
	quantity       int64
	subtotal       *big.Rat
}

type productVersion struct {
	id, store, name, category string
	stock                     int64
	updated                   time.Time
}

type storeVersion struct {
	id, name         string
	rate             *big.Rat
	created, updated time.Time
}

type subscription struct {
	store          string
	fee            *big.Rat
	started, ended time.Time // ended is zero while it runs
}

// shopEvent is an event with the properties that any KPI reads.
type shopEvent struct {
	ID        string    `json:"event_id"`
	Type      string    `json:"event_type"`
	Timestamp time.Time `json:"timestamp"`
	Session   string    `json:"session_id"`
	User      string    `json:"user_id"`
	Context   struct {
		UserAgent  string `json:"user_agent"`
		Referrer   string `json:"referrer"`
		PageURL    string `json:"page_url"`
		DeviceType string `json:"device_type"`
		PageViewID string `json:"page_view_id"`
	} `json:"context"`
	Properties struct {
		Store    string `json:"store_id"`
		Product  string `json:"product_id"`
		Category string `json:"product_category"`
		Payment  string `json:"payment_id"`
		Target   string `json:"target"`
		Total    money  `json:"total"`
		Status   int    `json:"status"`
		Duration money  `json:"duration_ms"`
		Items    []struct {
			Product string `json:"product_id"`
		} `json:"items"`
	} `json:"properties"`
}

// money is a number's text, as a JSON number or as a string.
type money string

func (m *money) UnmarshalJSON(text []byte) error {
	*m = money(strings.Trim(string(text), `"`))
	return nil
}

func (m money) rat() *big.Rat { return rat(string(m)) }

// rat reads a decimal; what is none counts as 0.
func rat(text string) *big.Rat {
	if r, ok := new(big.Rat).SetString(text); ok {
		return r
	}
	return new(big.Rat)
}

func (e shopEvent) store() string {
	if e.Properties.Store == "" {
		return noStore
	}
	return e.Properties.Store
}

var (
	webTypes = []string{"page_view", "store_visited", "product_viewed", "product_click", "search_performed",
		"add_to_cart", "remove_from_cart", "checkout_started", "purchase_completed"}
	robots = regexp.MustCompile(`(?i)bot\b|crawler|spider|slurp|headless|lighthouse|python-requests|curl/`)
)

func (e shopEvent) bot() bool { return robots.MatchString(e.Context.UserAgent) }
func (e shopEvent) web() bool { return slices.Contains(webTypes, e.Type) && !e.bot() }
