package collect

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

func sum(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func signStripe(secret, body string, at time.Time) string {
	return fmt.Sprintf("t=%d,v1=%s,v0=ignored", at.Unix(), hex.EncodeToString(sum(secret, fmt.Sprintf("%d.%s", at.Unix(), body))))
}

func hooks(o *Options) {
	payment := map[string]string{
		"payment_id": "/data/object/id | uuid", "store_id": "/data/object/metadata/store_id",
		"amount": "/data/object/amount | cents", "payment_method": "/data/object/payment_method_types/0",
	}
	o.Webhooks = map[string]Webhook{
		"stripe": {Scheme: "stripe", Secrets: []string{"old", "new"}, Events: map[string]WebhookEvent{
			"payment_intent.succeeded":      {Type: event.PaymentSucceeded, Properties: payment, UserID: "/data/object/customer | uuid"},
			"payment_intent.payment_failed": {Type: event.PaymentFailed, Properties: payment},
		}},
		"shopify": {Scheme: "shopify", Secrets: []string{"shop"}, Events: map[string]WebhookEvent{
			"orders/paid": {Type: event.PaymentSucceeded, Properties: map[string]string{
				"payment_id": "/id | uuid", "store_id": uuidB, "amount": "/total_price | number", "payment_method": "card",
			}},
		}},
		"github": {Scheme: "github", Secrets: []string{"hub"}},
	}
}

const intent = `{"id":"evt_1","type":"payment_intent.succeeded","created":1795175940,"data":{"object":{"id":"pi_1","amount":1999,
	"customer":"cus_1","metadata":{"store_id":"bf13ffa7-2887-51d2-b11d-d3d2acbb9102"},"payment_method_types":["card"]}}}`

func TestStripe(t *testing.T) {
	s := open(t, hooks)
	for range 2 { // delivered twice, it is the same event
		if r := s.post(t, "/v1/webhooks/stripe", intent, "Authorization: ", "Stripe-Signature: "+signStripe("new", intent, clock)); r.Status != 202 || r.Accepted != 1 {
			t.Fatalf("got %d %s", r.Status, r.Text)
		}
	}
	lines := s.events.lines(-1)
	if len(lines) != 2 || lines[0] != lines[1] {
		t.Fatalf("got %q", lines)
	}
	ev := s.last(t)
	if ev.Type != event.PaymentSucceeded || ev.UserID != idOf("cus_1") || ev.StoreID.String() != uuidB || ev.Timestamp.Unix() != 1795175940 || ev.Context != (event.Context{}) {
		t.Errorf("got %s", lines[0])
	}
	if want := `{"amount":19.99,"payment_id":"` + idOf("pi_1").String() + `","payment_method":"card","store_id":"` + uuidB + `"}`; string(ev.Properties) != want {
		t.Errorf("got %s\nwant %s", ev.Properties, want)
	}
}

func TestWebhookStatuses(t *testing.T) {
	s := open(t, hooks)
	other := strings.Replace(intent, "payment_intent.succeeded", "charge.refunded", 1)
	bad := strings.Replace(intent, `"amount":1999`, `"amount":"lots"`, 1)
	order := `{"id":77,"total_price":"12.30","created_at":"2026-11-20T06:00:00-05:00","browser_ip":"203.0.113.77"}`
	hub := "X-Hub-Signature-256: sha256=" + hex.EncodeToString(sum("hub", `{"zen":"x"}`))
	shop := "X-Shopify-Hmac-Sha256: " + base64.StdEncoding.EncodeToString(sum("shop", order))
	for _, c := range []struct {
		name, source, body string
		headers            []string
		status, accepted   int
		reason             event.Reason
	}{
		{"old secret", "stripe", intent, []string{"Stripe-Signature: " + signStripe("old", intent, clock)}, 202, 1, ""},
		{"two signatures", "stripe", intent, []string{"Stripe-Signature: " + signStripe("gone", intent, clock) + "," + signStripe("new", intent, clock)}, 202, 1, ""},
		{"4 minutes", "stripe", intent, []string{"Stripe-Signature: " + signStripe("new", intent, clock.Add(-4*time.Minute))}, 202, 1, ""},
		{"6 minutes", "stripe", intent, []string{"Stripe-Signature: " + signStripe("new", intent, clock.Add(-6*time.Minute))}, 401, 0, ""},
		{"6 minutes ahead", "stripe", intent, []string{"Stripe-Signature: " + signStripe("new", intent, clock.Add(6*time.Minute))}, 401, 0, ""},
		{"other body", "stripe", intent + " ", []string{"Stripe-Signature: " + signStripe("new", intent, clock)}, 401, 0, ""},
		{"no signature", "stripe", intent, nil, 401, 0, ""},
		{"empty signature", "stripe", intent, []string{fmt.Sprintf("Stripe-Signature: t=%d,v1=", clock.Unix())}, 401, 0, ""},
		{"wrong secret", "stripe", intent, []string{"Stripe-Signature: " + signStripe("", intent, clock)}, 401, 0, ""},
		{"unmapped", "stripe", other, []string{"Stripe-Signature: " + signStripe("new", other, clock)}, 202, 0, event.UnknownType},
		{"does not fit", "stripe", bad, []string{"Stripe-Signature: " + signStripe("new", bad, clock)}, 202, 0, event.WrongType},
		{"no json", "stripe", "x", []string{"Stripe-Signature: " + signStripe("new", "x", clock)}, 400, 0, ""},
		{"github", "github", `{"zen":"x"}`, []string{hub, "X-GitHub-Event: ping"}, 202, 0, event.UnknownType},
		{"github wrong", "github", `{"zen":"y"}`, []string{hub, "X-GitHub-Event: ping"}, 401, 0, ""},
		{"shopify", "shopify", order, []string{shop, "X-Shopify-Topic: orders/paid"}, 202, 1, ""},
		{"shopify unmapped", "shopify", order, []string{shop, "X-Shopify-Topic: orders/edited"}, 202, 0, event.UnknownType},
		{"shopify hex", "shopify", order, []string{"X-Shopify-Hmac-Sha256: " + hex.EncodeToString(sum("shop", order))}, 401, 0, ""},
		{"unknown source", "paypal", "{}", nil, 404, 0, ""},
		{"form", "github", "payload=x", []string{hub, "Content-Type: application/x-www-form-urlencoded"}, 415, 0, ""},
	} {
		kept := len(s.rejected.lines(-1))
		r := s.post(t, "/v1/webhooks/"+c.source, c.body, append(c.headers, "Authorization: ")...)
		var reason event.Reason
		if len(r.Rejected) > 0 {
			reason = r.Rejected[0].Reason
		}
		if r.Status != c.status || r.Accepted != c.accepted || reason != c.reason {
			t.Errorf("%s: got %d %s", c.name, r.Status, r.Text)
		}
		if n := len(s.rejected.lines(-1)) - kept; n != len(r.Rejected) {
			t.Errorf("%s: %d rejects are kept", c.name, n)
		}
	}
	all := strings.Join(s.rejected.lines(-1), "\n")
	if !strings.Contains(all, `"path":"/v1/webhooks/shopify"`) || !strings.Contains(all, "203.0.113.0") || strings.Contains(all, "113.77") {
		t.Errorf("kept are %s", all)
	}
}

func TestWebhookSettings(t *testing.T) {
	mapped := func(e WebhookEvent) Webhook {
		return Webhook{Scheme: "stripe", Secrets: []string{"s"}, Events: map[string]WebhookEvent{"x": e}}
	}
	for _, c := range []struct {
		hook  Webhook
		fails string
	}{
		{Webhook{Scheme: "strip", Secrets: []string{"s"}}, `scheme "strip" is not known: use github, shopify, stripe`},
		{Webhook{Scheme: "stripe"}, "there is no secret"}, {Webhook{Scheme: "stripe", Secrets: []string{""}}, "there is no secret"},
		{mapped(WebhookEvent{Type: "payment"}), `events.x: there is no event type "payment"`},
		{mapped(WebhookEvent{Type: event.PageView}), "page_view is sent by the visitor's browser"},
		{mapped(WebhookEvent{Type: event.PaymentFailed, Properties: map[string]string{"amount": "/a | euros"}}), `properties.amount: "/a | euros": there is no filter "euros"`},
		{mapped(WebhookEvent{Type: event.PaymentFailed, UserID: "/a | x"}), "user_id"},
	} {
		o, _, _ := options(t)
		o.Webhooks = map[string]Webhook{"pay": c.hook}
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), c.fails) || !strings.Contains(err.Error(), "collect.webhooks.pay") {
			t.Errorf("got %v, want %s", err, c.fails)
		}
	}
}

func TestValues(t *testing.T) {
	d, err := readDelivery([]byte(`{"a":{"b/c":[1,{"x":1.50}]},"n":7,"neg":-7,"t":"12.30","id":"` + uuidA + `","null":null,"e":1e3,"big":123456789012345678}`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"/a/b~1c/1/x": "1.50", "/a/b~1c/0": "1", "/a/b~1c/2": "-", "/a/b~1c/-1": "-", "/nothing": "-", "/null": "-", "": "-",
		"/n | cents": "0.07", "/neg | cents": "-7", "/big | cents": "1234567890123456.78", "/e | cents": "1e3", "/t | number": "12.30", "/id | uuid": `"` + uuidA + `"`,
		"/t | cents": `"12.30"`, "card": `"card"`, "/a | uuid": `{"b/c":[1,{"x":1.50}]}`, "/n|uuid": `"` + idOf("7").String() + `"`,
	} {
		got, ok := d.value(text)
		if !ok {
			got = "-"
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func FuzzSignature(f *testing.F) {
	f.Add("t=1795176000,v1=00", "sha256=00", "AA==", "body")
	f.Add(signStripe("s", "body", clock), "sha256="+hex.EncodeToString(sum("s", "body")), base64.StdEncoding.EncodeToString(sum("s", "body")), "body")
	f.Fuzz(func(t *testing.T, stripe, hub, shop, body string) {
		header := http.Header{"Stripe-Signature": {stripe}, "X-Hub-Signature-256": {hub}, "X-Shopify-Hmac-Sha256": {shop}}
		for _, scheme := range []string{schemeStripe, schemeGitHub, schemeShopify} {
			if genuine(scheme, []string{"another"}, header, []byte(body), clock) {
				t.Fatalf("%s: a signature by another secret is taken", scheme)
			}
		}
		if genuine(schemeGitHub, []string{"s"}, header, []byte(body), clock) && !strings.EqualFold(strings.TrimPrefix(hub, "sha256="), hex.EncodeToString(sum("s", body))) {
			t.Fatal("a wrong signature is taken")
		}
	})
}

func FuzzDelivery(f *testing.F) {
	f.Add(intent, "/data/object/amount | cents")
	f.Add(`{"a":[{"b":"c"}]}`, "/a/0/b | uuid")
	r := registry(f)
	f.Fuzz(func(t *testing.T, body, text string) {
		d, err := readDelivery([]byte(body))
		if err != nil {
			return
		}
		if _, err := parseValue(text); err != nil {
			return
		}
		hook := Webhook{Type: "/type", ID: "/id", Timestamp: "/created", Events: map[string]WebhookEvent{
			d.text("/type"): {Type: event.UserSignedUp, UserID: text, Properties: map[string]string{"method": text, "x": "/"}},
		}}
		raw, rejection := hook.event(&call{source: "x", kind: d.text("/type"), now: clock}, d)
		if rejection != nil {
			t.Fatalf("%s: %v", body, rejection)
		}
		if _, rejection := r.Parse(raw, clock); rejection != nil && rejection.Reason == event.MalformedJSON {
			t.Fatalf("%s became %s: %v", body, raw, rejection)
		}
	})
}
