package delivery_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/report/delivery"
	"github.com/tiendi/tiendi/internal/report/delivery/deliverytest"
)

// memory is a ledger that forgets with the process.
type memory struct {
	mu   sync.Mutex
	sent map[string]bool
	fail error
}

func (m *memory) Sent(context.Context) (map[string]bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]bool{}
	for id := range m.sent {
		out[id] = true
	}
	return out, nil
}

func (m *memory) Note(_ context.Context, ids []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	if m.sent == nil {
		m.sent = map[string]bool{}
	}
	for _, id := range ids {
		m.sent[id] = true
	}
	return nil
}

// document is the report of a store.
func document(store string, gmv int64) *report.Document {
	history := make([]decimal.NullDecimal, 14)
	value := decimal.NewNullDecimal(decimal.NewFromInt(gmv))
	for i := range history {
		history[i] = value
	}
	d := &report.Document{
		Kind: report.Daily, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC),
		Audience: report.Vendor, Store: &report.Store{ID: store, Name: "Tienda\r\nBcc: x@example.com " + store}, Currency: "USD",
	}
	for _, name := range []string{"gmv", "orders", "units_sold", "aov"} {
		d.Figures = append(d.Figures, report.Figure{Name: name, Unit: report.Money, Value: value, Earlier: []decimal.NullDecimal{value, {}}, History: history})
	}
	return d
}

func planOf(n int) (p delivery.Plan) {
	for i := range n {
		p.Add(delivery.Mail, fmt.Sprintf("vendor%d@example.com", i), report.Spanish, document(strconv.Itoa(i), int64(1000+i)), false)
	}
	return p
}

// once gives a plan, and no more.
func once(p delivery.Plan) iter.Seq2[delivery.Plan, error] {
	return func(yield func(delivery.Plan, error) bool) { yield(p, nil) }
}

func serverOf(t testing.TB, inbox *deliverytest.Inbox) *delivery.Server {
	t.Helper()
	host, port, _ := strings.Cut(inbox.Address, ":")
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return &delivery.Server{Host: host, Port: n, TLS: delivery.NoTLS, From: "Mercado <reports@shop.example>"}
}

func options(s *delivery.Server, l delivery.Ledger) delivery.Options {
	return delivery.Options{
		Ledger: l, Workers: 4, Attempts: 3, Pause: time.Millisecond,
		Connect: map[delivery.Channel]func() delivery.Sender{delivery.Mail: s.Connect},
	}
}

// TestOnce sends to everybody, and then to nobody.
func TestOnce(t *testing.T) {
	inbox := deliverytest.Start(t, nil)
	l := &memory{}
	plan := planOf(30)
	plan.Add(delivery.Mail, " ", report.English, document("none", 5), false)
	plan.Add(delivery.Mail, "empty@example.com", report.English, document("empty", 0), false)
	if len(plan.Left) != 2 || plan.Left[0].Why != delivery.NoAddress || plan.Left[1].Why != delivery.Empty {
		t.Fatalf("left out: %+v", plan.Left)
	}
	r, err := delivery.Run(t.Context(), once(plan), options(serverOf(t, inbox), l))
	if err != nil || r.Sent != 30 || len(r.Failed) != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	got := map[string]deliverytest.Letter{}
	for _, letter := range inbox.Letters() {
		got[letter.To] = letter
	}
	for i := range 30 {
		letter := got[fmt.Sprintf("vendor%d@example.com", i)]
		figure := fmt.Sprintf("1.%03d,00", i)
		if !strings.Contains(letter.Text, figure) || !strings.Contains(letter.HTML, ">"+figure+"<") {
			t.Errorf("vendor %d: no %s in\n%s", i, figure, letter.Text)
		}
		if letter.ID != plan.Messages[i].ID+"@shop.example" || letter.From != "reports@shop.example" {
			t.Errorf("vendor %d: %q from %q", i, letter.ID, letter.From)
		}
		if letter.Header.Get("Bcc") != "" || !strings.Contains(letter.Subject, "Bcc: x@example.com") || strings.ContainsAny(letter.Subject, "\r\n") {
			t.Errorf("vendor %d: a name became a header: %+v", i, letter.Header)
		}
	}
	again := planOf(30)
	if again.Messages[7].ID != plan.Messages[7].ID {
		t.Error("the id of a message is not stable")
	}
	r, err = delivery.Run(t.Context(), once(again), options(serverOf(t, inbox), l))
	if err != nil || r.Sent != 0 || r.Before != 30 || len(inbox.Letters()) != 30 {
		t.Errorf("again: %+v, %v, %d letters", r, err, len(inbox.Letters()))
	}
}

// TestPlans takes one plan after the other: what one holds is sent although a later one cannot
// be made, and none is made when nothing is taken any more.
func TestPlans(t *testing.T) {
	inbox := deliverytest.Start(t, nil)
	l := &memory{}
	broken := errors.New("the warehouse is away")
	plans := func(yield func(delivery.Plan, error) bool) {
		for i := range 3 {
			p := planOf(10 * (i + 1))
			p.Messages = p.Messages[10*i:]
			p.Add(delivery.Mail, "", report.English, document("none", 5), false)
			if !yield(p, nil) {
				return
			}
		}
		yield(delivery.Plan{}, broken)
	}
	r, err := delivery.Run(t.Context(), plans, options(serverOf(t, inbox), l))
	if !errors.Is(err, broken) || r.Sent != 30 || r.Left != 3 || len(inbox.Letters()) != 30 {
		t.Errorf("%+v, %v, %d letters", r, err, len(inbox.Letters()))
	}
	away, made := serverOf(t, inbox), 0
	away.Port = 1
	endless := func(yield func(delivery.Plan, error) bool) {
		for made = 1; yield(planOf(20), nil); made++ {
		}
	}
	if r, err = delivery.Run(t.Context(), endless, options(away, &memory{})); err == nil || made > 3 || r.Sent != 0 {
		t.Errorf("%d plans were made for a server that is not there: %+v, %v", made, r, err)
	}
}

// TestFailures wants temporary failures tried again, permanent ones told, and all others sent.
func TestFailures(t *testing.T) {
	inbox := deliverytest.Start(t, nil)
	var mu sync.Mutex
	asked := map[string]int{}
	inbox.Refuse = func(to string) error {
		mu.Lock()
		defer mu.Unlock()
		asked[to]++
		switch {
		case to == "vendor3@example.com":
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
		case to == "vendor4@example.com" && asked[to] < 3:
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try later"}
		case to == "vendor5@example.com":
			return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "busy"}
		case to == "vendor6@example.com" && asked[to] == 1:
			return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "shutting down"}
		}
		return nil
	}
	l := &memory{}
	plan := planOf(12)
	plan.Add(delivery.Mail, "no address", report.English, document("x", 1), false)
	r, err := delivery.Run(t.Context(), once(plan), options(serverOf(t, inbox), l))
	if err != nil || r.Sent != 10 || len(r.Failed) != 3 || len(inbox.Letters()) != 10 {
		t.Fatalf("%+v, %v, %d letters", r, err, len(inbox.Letters()))
	}
	if asked["vendor3@example.com"] != 1 || asked["vendor4@example.com"] != 3 || asked["vendor5@example.com"] != 3 {
		t.Errorf("asked %v", asked)
	}
	inbox.Refuse = nil
	if r, err = delivery.Run(t.Context(), once(plan), options(serverOf(t, inbox), l)); err != nil || r.Sent != 2 || r.Before != 10 || len(r.Failed) != 1 {
		t.Errorf("once they can be reached: %+v, %v", r, err)
	}
}

// TestUnreachable wants a server that is not there, or does not let in, to end all at once.
func TestUnreachable(t *testing.T) {
	certified := httptest.NewTLSServer(http.NotFoundHandler())
	defer certified.Close()
	known := x509.NewCertPool()
	known.AddCert(certified.Certificate())
	inbox := deliverytest.Start(t, &tls.Config{Certificates: certified.TLS.Certificates})
	right := serverOf(t, inbox)
	right.TLS, right.Config = delivery.StartTLS, &tls.Config{RootCAs: known, ServerName: "127.0.0.1"}
	right.User, right.Password = "tiendi", "secret"
	wrong, stranger := *right, *right
	wrong.Password, stranger.Config = "wrong", nil
	away := serverOf(t, inbox)
	away.Port = 1
	noTLS := serverOf(t, deliverytest.Start(t, nil))
	noTLS.TLS = delivery.StartTLS
	for what, server := range map[string]*delivery.Server{"a wrong password": &wrong, "no server": away, "no TLS": noTLS, "a stranger's certificate": &stranger} {
		r, err := delivery.Run(t.Context(), once(planOf(50)), options(server, &memory{}))
		if err == nil || r.Sent != 0 || len(r.Failed)+r.Untried != 50 || r.Untried < 40 || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %+v, %v", what, r, err)
		}
	}
	if n := len(inbox.Logins()); n > 4 {
		t.Errorf("%d logins with a wrong password", n)
	}
	if r, err := delivery.Run(t.Context(), once(planOf(3)), options(right, &memory{})); err != nil || r.Sent != 3 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestNotNoted wants nothing more to be sent once what is sent cannot be noted.
func TestNotNoted(t *testing.T) {
	inbox := deliverytest.Start(t, nil)
	r, err := delivery.Run(t.Context(), once(planOf(50)), options(serverOf(t, inbox), &memory{fail: errors.New("away")}))
	if !errors.Is(err, delivery.ErrNotNoted) || len(inbox.Letters()) > 8 || r.Untried < 40 {
		t.Errorf("%d letters, %+v, %v", len(inbox.Letters()), r, err)
	}
}

// TestCancel wants a run that is told to end to note what it has sent.
func TestCancel(t *testing.T) {
	inbox := deliverytest.Start(t, nil)
	l := &memory{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	inbox.Taken = func(deliverytest.Letter) { cancel() }
	r, err := delivery.Run(ctx, once(planOf(50)), options(serverOf(t, inbox), l))
	if !errors.Is(err, context.Canceled) || r.Sent != len(l.sent) || r.Sent != len(inbox.Letters()) || r.Sent+len(r.Failed)+r.Untried != 50 {
		t.Errorf("%+v, %v, %d noted, %d letters", r, err, len(l.sent), len(inbox.Letters()))
	}
}

// TestWebhook posts a report as Slack takes it, signed.
func TestWebhook(t *testing.T) {
	at := time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)
	var body []byte
	var header http.Header
	answers := []int{http.StatusServiceUnavailable, http.StatusOK}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		header = r.Header
		w.WriteHeader(answers[0])
		answers = answers[1:]
	}))
	defer server.Close()
	hook := &delivery.Hook{URL: server.URL + "/secret-path", Secret: "s3cret", Client: server.Client(), Now: func() time.Time { return at }}
	var plan delivery.Plan
	d := document("1", 7)
	d.Store.Name = "<!channel> & co"
	plan.Add(delivery.Webhook, "", report.English, d, false)
	o := options(nil, &memory{})
	o.Connect = map[delivery.Channel]func() delivery.Sender{delivery.Webhook: hook.Connect}
	if r, err := delivery.Run(t.Context(), once(plan), o); err != nil || r.Sent != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if header.Get("X-Tiendi-Signature") != delivery.Sign("s3cret", at, body) || header.Get("Idempotency-Key") != plan.Messages[0].ID {
		t.Errorf("%v", header)
	}
	text := string(body)
	if !strings.Contains(text, `"text":"`) || !strings.Contains(text, `\u0026lt;!channel\u0026gt; \u0026amp; co`) || !strings.Contains(text, "GMV: 7.00") {
		t.Errorf("%s", text)
	}
	answers = []int{http.StatusNotFound}
	o.Ledger = &memory{}
	r, err := delivery.Run(t.Context(), once(plan), o)
	if err != nil || len(r.Failed) != 1 || strings.Contains(r.Failed[0].Err.Error(), "secret-path") {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestSign is of a value that was worked out by hand:
// printf '1700000000.{}' | openssl dgst -sha256 -hmac key
func TestSign(t *testing.T) {
	const want = "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
	if got := delivery.Sign("key", time.Unix(1700000000, 0), []byte("{}")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// BenchmarkMail5000 sends 5,000 vendors their reports, to a server of mail over TCP.
func BenchmarkMail5000(b *testing.B) {
	inbox := deliverytest.Start(b, nil)
	plan := planOf(5000)
	for b.Loop() {
		inbox.Clear()
		o := options(serverOf(b, inbox), &memory{})
		o.Workers = 8
		r, err := delivery.Run(b.Context(), once(plan), o)
		if err != nil || r.Sent != 5000 {
			b.Fatalf("%+v, %v", r, err)
		}
	}
	b.ReportMetric(5000*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}

func TestOnlyRefused(t *testing.T) {
	refused, busy, away := delivery.Failed{Err: &delivery.Failure{}}, delivery.Failed{Err: &delivery.Failure{Temporary: true}}, delivery.Failed{Err: &delivery.Failure{Unreachable: true}}
	for _, c := range []struct {
		result delivery.Result
		want   bool
	}{
		{delivery.Result{Sent: 3}, false}, {delivery.Result{Failed: []delivery.Failed{refused, refused}}, true}, {delivery.Result{Failed: []delivery.Failed{refused}, Untried: 1}, false},
		{delivery.Result{Failed: []delivery.Failed{refused, busy}}, false}, {delivery.Result{Failed: []delivery.Failed{away}}, false}, {delivery.Result{Failed: []delivery.Failed{{Err: errors.New("other")}}}, false},
	} {
		if got := c.result.OnlyRefused(); got != c.want {
			t.Errorf("%+v: %t", c.result, got)
		}
	}
}
