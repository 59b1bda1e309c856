package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/report"
)

// Channel is the way that a message goes.
type Channel string

// The channels.
const (
	Mail    Channel = "mail"
	Webhook Channel = "webhook"
)

// Message is one report for one reader.
type Message struct {
	ID       string // the same in every run; 32 hex digits
	Channel  Channel
	To       string // an address of mail, "" for the webhook
	Language report.Language
	Document *report.Document
	alerts   []string // ids of what it tells, in place of its own; see due
}

// Subject is the line that the message is known by.
func (m *Message) Subject() string { return report.Title(m.Document, m.Language) }

// listedAlerts are the stores' alerts that a message lists; what more there are is counted.
const listedAlerts = 20

// Due is the message with what its reader was not sent yet, nil where that is nothing: a
// report is sent or not, and of alerts each. A message of the same alerts has the same ID
// in every run.
func (m *Message) Due(sent map[string]bool) *Message {
	if m.Document.Findings == nil || m.Document.Empty() {
		if sent[m.ID] {
			return nil
		}
		return m
	}
	document, news := m.Document.Untold(func(key string) bool { return sent[m.alertID(key)] })
	if !news {
		return nil
	}
	due := *m
	due.Document, due.alerts = document.Brief(listedAlerts), nil
	for i := range document.Findings.Alerts {
		due.alerts = append(due.alerts, m.alertID(document.Findings.Alerts[i].Key()))
	}
	due.ID = hashOf(append([]string{m.ID}, due.alerts...)...)
	return &due
}

// alertID names an alert to a reader. The day is not in it: what was told of one day is not
// told of the next.
func (m *Message) alertID(key string) string {
	return hashOf(string(m.Document.Kind), string(m.Document.Audience), key, string(m.Channel), strings.ToLower(m.To))
}

// told are the ids to note when the message is sent.
func (m *Message) told() []string {
	if m.alerts != nil {
		return m.alerts
	}
	return []string{m.ID}
}

// Skipped is why a report is not to be sent.
type Skipped string

// The reasons.
const (
	NoAddress Skipped = "no address"
	Empty     Skipped = "empty"
)

// Left is a report that is not to be sent.
type Left struct {
	Message
	Why Skipped
}

// Plan is what is to be sent, in order, and what is not.
type Plan struct {
	Start    time.Time // of the reports' period
	Messages []Message
	Left     []Left
}

// Add plans a report for a reader: of the language of his own, or the other one. Reports
// of nothing are left out, unless empty ones are wanted.
func (p *Plan) Add(c Channel, to string, l report.Language, d *report.Document, empty bool) {
	m := Message{Channel: c, To: strings.TrimSpace(to), Language: l, Document: d}
	m.ID = idOf(&m)
	switch {
	case c == Mail && m.To == "":
		p.Left = append(p.Left, Left{m, NoAddress})
	case d.Empty() && !empty:
		p.Left = append(p.Left, Left{m, Empty})
	default:
		p.Messages = append(p.Messages, m)
	}
}

// idOf names what is sent to whom: the report, its period, its store, and its reader.
func idOf(m *Message) string {
	store := ""
	if m.Document.Store != nil {
		store = m.Document.Store.ID
	}
	return hashOf(string(m.Document.Kind), m.Document.Start.Format(time.DateOnly), string(m.Document.Audience), store, string(m.Channel), strings.ToLower(m.To))
}

func hashOf(parts ...string) string {
	sum := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// domain is what an address ends in.
func domain(address string) string {
	if a, err := mail.ParseAddress(address); err == nil {
		address = a.Address
	}
	_, after, _ := strings.Cut(address, "@")
	return after
}
