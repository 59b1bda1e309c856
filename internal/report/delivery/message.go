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
}

// Subject is the line that the message is known by.
func (m *Message) Subject() string { return report.Title(m.Document, m.Language) }

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
	sum := sha256.New()
	for _, part := range []string{
		string(m.Document.Kind), m.Document.Start.Format(time.DateOnly), string(m.Document.Audience), store, string(m.Channel), strings.ToLower(m.To),
	} {
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
