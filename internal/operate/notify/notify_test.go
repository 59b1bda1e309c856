package notify_test

import (
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/operate/notify"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/report/delivery"
	"github.com/tiendi/tiendi/internal/report/delivery/deliverytest"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// letters are reports of a day for so many stores.
func letters(day time.Time, n int) []delivery.Message {
	history := make([]decimal.NullDecimal, 14)
	for i := range history {
		history[i] = decimal.NewNullDecimal(decimal.NewFromInt(7))
	}
	var plan delivery.Plan
	for i := range n {
		d := &report.Document{
			Kind: report.Daily, Start: day, End: day.AddDate(0, 0, 1), Audience: report.Vendor, Currency: "USD",
			Store: &report.Store{ID: strconv.Itoa(i), Name: fmt.Sprint("Store ", i)},
		}
		for _, name := range []string{"gmv", "orders", "units_sold", "aov"} {
			d.Figures = append(d.Figures, report.Figure{Name: name, Unit: report.Money, Value: history[0], Earlier: []decimal.NullDecimal{history[0], {}}, History: history})
		}
		plan.Add(delivery.Mail, fmt.Sprintf("vendor%d@example.com", i), report.English, d, false)
	}
	return plan.Messages
}

// planned is letters as they are sent.
func planned(day time.Time, n int) iter.Seq2[delivery.Plan, error] {
	return func(yield func(delivery.Plan, error) bool) {
		yield(delivery.Plan{Start: day, Messages: letters(day, n)}, nil)
	}
}

// post is a warehouse with its journal, and a server of mail.
type post struct {
	*deliverytest.Inbox
	journal *journal.Journal
	server  *delivery.Server
	dir     string
}

func newPost(t *testing.T) *post {
	t.Helper()
	db, inbox := warehousetest.Open(t), deliverytest.Start(t, nil)
	host, text, err := net.SplitHostPort(inbox.Address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return &post{
		Inbox: inbox, dir: t.TempDir(), journal: &journal.Journal{Warehouse: db, Database: db.Config().Database},
		server: &delivery.Server{Host: host, Port: port, TLS: delivery.NoTLS, From: "Shop <reports@shop.example>"},
	}
}

func (p *post) options(day time.Time) notify.Options {
	return notify.Options{
		Kind: report.Daily, Start: day, Journal: p.journal, Dir: p.dir, Logger: slog.New(slog.DiscardHandler),
		Delivery: delivery.Options{Workers: 2, Attempts: 2, Pause: time.Millisecond, Connect: map[delivery.Channel]func() delivery.Sender{delivery.Mail: p.server.Connect}},
	}
}

// send wants so many to be sent, to have been sent before, and to fail.
func (p *post) send(t *testing.T, day time.Time, n, sent, before, failed int) {
	t.Helper()
	r, err := notify.Run(t.Context(), planned(day, n), p.options(day))
	if err != nil || r.Sent != sent || r.Before != before || len(r.Failed) != failed {
		t.Errorf("sent %d, before %d, failed %d, want %d, %d, %d (%v)", r.Sent, r.Before, len(r.Failed), sent, before, failed, err)
	}
}

// TestOnce sends each once: a refused one is tried again by the next run, a new one is
// sent, and another day is another matter. A run that was killed is in nobody's way.
func TestOnce(t *testing.T) {
	p := newPost(t)
	if sent, err := notify.Sent(t.Context(), p.options(monday)); err != nil || len(sent) != 0 {
		t.Errorf("before anything was sent: %v, %v", sent, err)
	}
	p.Refuse = func(to string) error {
		if to == "vendor1@example.com" {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
		}
		return nil
	}
	p.send(t, monday, 4, 3, 0, 1)
	p.send(t, monday, 4, 0, 3, 1)
	newest, err := p.journal.Newest(t.Context(), "report", "daily 2026-03-02")
	if err != nil || newest == nil || newest.State != journal.Failed || newest.Message != "0 sent, 1 not" {
		t.Errorf("the journal has %+v, %v", newest, err)
	}
	p.Refuse = nil
	killed := journal.Entry{Job: "report", Scope: "daily 2026-03-02", Run: "dead", Lease: "000000000000", State: journal.Running}
	if err := p.journal.Add(t.Context(), killed); err != nil {
		t.Fatal(err)
	}
	p.send(t, monday, 5, 2, 3, 0)
	p.send(t, monday.AddDate(0, 0, 1), 5, 5, 0, 0)
	sent, err := notify.Sent(t.Context(), p.options(monday))
	if err != nil || len(sent) != 5 {
		t.Errorf("sent are %v, %v", sent, err)
	}
	for _, m := range letters(monday, 5) {
		if !sent[m.ID] {
			t.Errorf("the letter to %s is not among those that were sent", m.To)
		}
	}
	if n := len(p.Letters()); n != 10 {
		t.Errorf("%d letters came, want 10", n)
	}
}

// TestTwoAtOnce: while a run sends reports no other sends the same, and others are sent.
func TestTwoAtOnce(t *testing.T) {
	p := newPost(t)
	begun, goOn := make(chan bool), make(chan bool)
	var held atomic.Bool
	p.Taken = func(deliverytest.Letter) {
		if held.CompareAndSwap(false, true) {
			close(begun)
			<-goOn
		}
	}
	first := make(chan error, 1)
	go func() {
		r, err := notify.Run(t.Context(), planned(monday, 3), p.options(monday))
		if err == nil && r.Sent != 3 {
			err = fmt.Errorf("it has sent %d", r.Sent)
		}
		first <- err
	}()
	<-begun
	_, err := notify.Run(t.Context(), planned(monday, 3), p.options(monday))
	var conflict *journal.ConflictError
	if !errors.As(err, &conflict) || !strings.Contains(err.Error(), "these reports (daily 2026-03-02) are being sent already") {
		t.Errorf("the same at once: %v", err)
	}
	p.send(t, monday.AddDate(0, 0, 7), 2, 2, 0, 0)
	close(goOn)
	if err := <-first; err != nil {
		t.Errorf("the first: %v", err)
	}
	p.send(t, monday, 3, 0, 3, 0)
}

// TestCooldown: what was sent for a day is not sent for one within its cooldown, before or
// after it, and two such days are not sent at once.
func TestCooldown(t *testing.T) {
	p := newPost(t)
	alerts := func(day time.Time, metrics ...string) iter.Seq2[delivery.Plan, error] {
		d := &report.Document{Kind: report.Anomalies, Start: day, End: day.AddDate(0, 0, 1), Audience: report.Admin, Currency: "USD", Findings: &report.Findings{Tested: 9}}
		for _, metric := range metrics {
			d.Findings.Alerts = append(d.Findings.Alerts, report.Alert{Metric: metric, Unit: report.Number, Value: decimal.NewFromInt(1), Expected: decimal.NewFromInt(9), Since: day})
		}
		plan := delivery.Plan{Start: day}
		plan.Add(delivery.Mail, "admin@example.com", report.English, d, false)
		return func(yield func(delivery.Plan, error) bool) { yield(plan, nil) }
	}
	options := func(days int) notify.Options {
		o := p.options(monday.AddDate(0, 0, days))
		o.Kind, o.Cooldown = report.Anomalies, 7
		return o
	}
	for _, c := range []struct {
		days, sent int
		metrics    []string
	}{
		{0, 1, []string{"orders"}}, {0, 0, []string{"orders"}}, {0, 1, []string{"orders", "gmv"}}, {-1, 0, []string{"gmv"}}, {7, 0, []string{"orders", "gmv"}},
		{8, 1, []string{"orders"}}, {15, 0, []string{"orders"}}, {-8, 1, []string{"orders"}},
	} {
		o := options(c.days)
		if r, err := notify.Run(t.Context(), alerts(o.Start, c.metrics...), o); err != nil || r.Sent != c.sent || r.Before != 1-c.sent {
			t.Errorf("%d days on, %v: %+v, %v", c.days, c.metrics, r, err)
		}
	}
	var held error
	p.Taken = func(deliverytest.Letter) {
		o := options(33)
		_, held = notify.Run(t.Context(), alerts(o.Start, "orders"), o)
	}
	o := options(30)
	if r, err := notify.Run(t.Context(), alerts(o.Start, "orders"), o); err != nil || r.Sent != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	var conflict *journal.ConflictError
	if !errors.As(held, &conflict) {
		t.Errorf("a day near it at the same time: %v", held)
	}
}
