package generate

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// LedgerName is the ledger's file in a generation's folder.
const LedgerName = "ledger.json"

// generatorName marks a folder as a generation of ours.
const generatorName = "tiendi generate"

// Ledger says what a generation holds, counted while it was made: the truth
// that loads, models and streams are held against. Money is text with its
// decimals.
type Ledger struct {
	Generator string     `json:"generator"`
	Version   int        `json:"version"`
	Seed      uint64     `json:"seed"`
	From      time.Time  `json:"from"`
	To        time.Time  `json:"to"` // exclusive
	Anomalies []string   `json:"anomalies"`
	Networks  []Network  `json:"networks"`
	Tables    Tables     `json:"tables"`
	Events    Events     `json:"events"`
	Sales     Sales      `json:"sales"`
	Payments  Payments   `json:"payments"`
	Probes    Probes     `json:"probes"`
	Days      []DayTotal `json:"days"`
	Files     []FileInfo `json:"files"`
}

// Tables counts the rows of the marketplace.
type Tables struct {
	Stores          int64 `json:"stores"`
	Users           int64 `json:"users"`
	Products        int64 `json:"products"`
	ProductVersions int64 `json:"product_versions"`
	Orders          int64 `json:"orders"`
	OrderVersions   int64 `json:"order_versions"`
	OrderItems      int64 `json:"order_items"`
	Subscriptions   int64 `json:"subscriptions"`
}

// Events counts the event files. All but Lines and Late count each event_id once.
type Events struct {
	Lines      int64                `json:"lines"` // Distinct + Duplicates
	Distinct   int64                `json:"distinct"`
	Duplicates int64                `json:"duplicates"`
	Late       int64                `json:"late"` // lines more than a minute behind a newer one before them
	Bots       int64                `json:"bots"`
	Sessions   int64                `json:"sessions"` // split at 30 minutes, without bots
	ByType     map[event.Type]int64 `json:"by_type"`
}

// Sales sums the orders as they stand at the range's end. Placed orders are
// not cancelled; delivered ones are ENTREGADO.
type Sales struct {
	ByStatus       map[string]int64 `json:"by_status"`
	GMV            string           `json:"gmv"` // placed
	Units          int64            `json:"units_sold"`
	DeliveredGMV   string           `json:"delivered_gmv"`
	DeliveredUnits int64            `json:"delivered_units"`
	Commissions    string           `json:"commissions"`     // delivered, four decimals
	PurchasesTotal string           `json:"purchases_total"` // Σ total of purchase_completed
}

// Payments counts payment_ids by their last event.
type Payments struct {
	Succeeded int64 `json:"succeeded"`
	Failed    int64 `json:"failed"`
}

// Probes counts the minutes whose health probe was due, and those whose probe
// was answered.
type Probes struct {
	Due int64 `json:"due"`
	Up  int64 `json:"up"`
}

// DayTotal is one day of UTC: distinct events by timestamp, and placed orders
// by created_at.
type DayTotal struct {
	Date   string `json:"date"`
	Events int64  `json:"events"`
	Orders int64  `json:"orders"`
	GMV    string `json:"gmv"`
}

func writeLedger(dir string, l *Ledger) error {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", LedgerName, err)
	}
	if err := os.WriteFile(filepath.Join(dir, LedgerName), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", LedgerName, err)
	}
	return nil
}

// maxLedger bounds what is read of a file that only claims to be a ledger.
const maxLedger = 64 << 20

func readLedger(dir string) (*Ledger, error) {
	name := filepath.Join(dir, LedgerName)
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxLedger {
		return nil, fmt.Errorf("%s has %d bytes", LedgerName, info.Size())
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var l Ledger
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, fmt.Errorf("read %s: %w", LedgerName, err)
	}
	if l.Generator != generatorName {
		return nil, fmt.Errorf("%s is not of %q", LedgerName, generatorName)
	}
	return &l, nil
}
