package generate

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/event"
)

// The types and functions of this file read a generation's files as a
// stranger would, and share nothing with what wrote them but the contract.

type row map[string]string

func (r row) money(t *testing.T, column string) decimal.Decimal {
	t.Helper()
	return amount(t, r[column])
}

func (r row) time(t *testing.T, column string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04:05", r[column])
	if err != nil {
		t.Fatalf("column %s: %v", column, err)
	}
	return at
}

func amount(t *testing.T, text string) decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readTable(t *testing.T, dir, name string) []row {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "marketplace", name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var rows []row
	for _, record := range records[1:] {
		r := row{}
		for i, column := range records[0] {
			r[column] = record[i]
		}
		rows = append(rows, r)
	}
	return rows
}

type properties struct {
	OrderID       string      `json:"order_id"`
	StoreID       string      `json:"store_id"`
	ProductID     string      `json:"product_id"`
	PaymentID     string      `json:"payment_id"`
	Total         json.Number `json:"total"`
	Subtotal      json.Number `json:"subtotal"`
	DeliveryFee   json.Number `json:"delivery_fee"`
	Amount        json.Number `json:"amount"`
	PaymentMethod string      `json:"payment_method"`
	Status        int         `json:"status"`
	DurationMS    int         `json:"duration_ms"`
	Items         []struct {
		ProductID string      `json:"product_id"`
		Quantity  int64       `json:"quantity"`
		Price     json.Number `json:"price"`
	} `json:"items"`
}

type readEvent struct {
	event.BaseEvent
	line  string
	props properties
}

func unpack(t *testing.T, name string, f io.Reader) io.Reader {
	t.Helper()
	var err error
	switch filepath.Ext(name) {
	case ".gz":
		f, err = gzip.NewReader(f)
	case ".zst":
		f, err = zstd.NewReader(f)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

// readEvents gives every line in order of the files' names, duplicates included.
func readEvents(t *testing.T, dir string) []readEvent {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "events", "*"))
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(names)
	var events []readEvent
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(unpack(t, name, f))
		for lines.Scan() {
			events = append(events, parseEvent(t, lines.Bytes()))
		}
		if err := lines.Err(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f.Close()
	}
	return events
}

func parseEvent(t *testing.T, line []byte) readEvent {
	t.Helper()
	e := readEvent{line: string(line)}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e.BaseEvent); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	if err := json.Unmarshal(e.Properties, &e.props); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return e
}

// distinct keeps the first line of each event_id, and fails where two lines
// of one event differ.
func distinct(t *testing.T, events []readEvent) []readEvent {
	t.Helper()
	first := map[event.ID]string{}
	var kept []readEvent
	for _, e := range events {
		if line, seen := first[e.EventID]; !seen {
			first[e.EventID] = e.line
			kept = append(kept, e)
		} else if line != e.line {
			t.Fatalf("two events share an id:\n%s\n%s", line, e.line)
		}
	}
	return kept
}

func isBot(e readEvent) bool {
	agent := e.Context.UserAgent
	return strings.Contains(agent, "bot") || strings.Contains(agent, "HeadlessChrome") ||
		strings.Contains(agent, "python-requests")
}

// webSessions groups the visitors' web events by session_id, in order of time.
func webSessions(events []readEvent) map[event.ID][]readEvent {
	sessions := map[event.ID][]readEvent{}
	for _, e := range events {
		if e.Type.Web() && !isBot(e) {
			sessions[e.SessionID] = append(sessions[e.SessionID], e)
		}
	}
	for _, s := range sessions {
		sort.Slice(s, func(i, j int) bool {
			if !s[i].Timestamp.Equal(s[j].Timestamp) {
				return s[i].Timestamp.Before(s[j].Timestamp)
			}
			return bytes.Compare(s[i].EventID[:], s[j].EventID[:]) < 0
		})
	}
	return sessions
}

// countSessions splits each session_id at gaps of more than 30 minutes, and
// every 24 hours from a run's first event on.
func countSessions(byID map[event.ID][]readEvent) int64 {
	total := int64(0)
	for _, s := range byID {
		start, cut := s[0].Timestamp, int64(0)
		total++
		for i := 1; i < len(s); i++ {
			if s[i].Timestamp.Sub(s[i-1].Timestamp) > 30*time.Minute {
				start, cut = s[i].Timestamp, 0
				total++
			} else if steps := int64(s[i].Timestamp.Sub(start) / (24 * time.Hour)); steps != cut {
				cut = steps
				total++
			}
		}
	}
	return total
}
