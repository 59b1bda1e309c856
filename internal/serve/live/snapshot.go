package live

import (
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// Counts are figures of a day or a minute.
type Counts struct {
	Views     int64 `json:"views"`
	Carts     int64 `json:"carts"`
	Checkouts int64 `json:"checkouts"`
	Purchases int64 `json:"purchases"`
	Units     int64 `json:"units"`
	// Revenue is live_revenue, as decimal text: what purchases said, never called gmv.
	Revenue Money `json:"live_revenue"`
}

// fields are those of a hash, in the order of Counts.
var fields = []string{"views", "carts", "checkouts", "purchases", "units", "revenue"}

// set takes over what the fields hold; one that is not there is 0.
func (c *Counts) set(values []any) error {
	return setNumbers(values, &c.Views, &c.Carts, &c.Checkouts, &c.Purchases, &c.Units, (*int64)(&c.Revenue))
}

func setNumbers(values []any, all ...*int64) error {
	for i, into := range all {
		text, _ := values[i].(string)
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return errFigures
		}
		*into = n
	}
	return nil
}

// Money is an amount in hundredths, written as a decimal: 1203350 is "12033.50".
type Money int64

// MarshalText writes the decimal.
func (m Money) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

func (m Money) String() string {
	sign, n := "", uint64(m)
	if m < 0 {
		sign, n = "-", -n
	}
	cents := strconv.FormatUint(100+n%100, 10)
	return sign + strconv.FormatUint(n/100, 10) + "." + cents[1:]
}

// Minute is one minute's figures.
type Minute struct {
	Start time.Time `json:"start"`
	Counts
}

// Ranked is a product or a traffic source of today, by its views.
type Ranked struct {
	Name  string `json:"name"` // a product's id, or a source
	Views int64  `json:"views"`
}

// Snapshot is what happens at a store now. Its day is still running, so that it grows.
type Snapshot struct {
	Store    event.ID `json:"store"`
	Day      string   `json:"day"` // 2026-11-20, in the platform's time zone
	Today    Counts   `json:"today"`
	Visitors int64    `json:"visitors"` // distinct, today; estimated, ±0.8 %
	Sessions int64    `json:"sessions"` // that are open
	// Minutes are the last Minutes, oldest first; those without events are there.
	Minutes  []Minute `json:"minutes"`
	Products []Ranked `json:"products"`
	Sources  []Ranked `json:"sources"`
	// AsOf is a moment whose events are all in; nil before the first.
	AsOf *time.Time `json:"as_of"`
}
