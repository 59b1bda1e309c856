package generate

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/event"
)

var isoTime = regexp.MustCompile(`"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`)

func TestEventsHoldTheContract(t *testing.T) {
	o := small(t)
	run(t, o)
	for _, e := range readEvents(t, o.Out) {
		c := e.Context
		switch {
		case e.EventID.IsZero() || e.SessionID.IsZero() || !e.Type.Known():
			t.Fatalf("without id, session or type: %s", e.line)
		case !isoTime.MatchString(e.line):
			t.Fatalf("timestamp is not in milliseconds of UTC: %s", e.line)
		case e.Timestamp.Before(o.From) || !e.Timestamp.Before(o.To):
			t.Fatalf("outside the range: %s", e.line)
		case e.Type.Web() && (c.IP == "" || c.UserAgent == "" || !strings.HasPrefix(c.PageURL, site) || c.DeviceType == "" || c.OS == "" || c.Browser == ""):
			t.Fatalf("web event without the whole context: %s", e.line)
		case !e.Type.Web() && (c.IP == "" || c.UserAgent == "" || c.PageURL != "" || c.DeviceType != ""):
			t.Fatalf("server event with a browser's context: %s", e.line)
		case e.Type == event.APIRequest && (e.props.DurationMS < 1 || e.props.Status < 200):
			t.Fatalf("request without duration or status: %s", e.line)
		}
	}
}

// Every purchase is an order and every order a purchase: same ids, store,
// user, items and sums, created in the second of the event.
func TestPurchasesAreTheOrders(t *testing.T) {
	o := small(t)
	run(t, o)
	orders, items := currentOrders(t, o.Out), itemsByOrder(t, o.Out)
	paid := map[string]string{}
	for _, e := range distinct(t, readEvents(t, o.Out)) {
		switch e.Type {
		case event.PaymentSucceeded:
			paid[e.props.OrderID] = e.props.Amount.String()
		case event.PurchaseCompleted:
			order, found := orders[e.props.OrderID]
			if !found {
				t.Fatalf("no such order: %s", e.line)
			}
			delete(orders, e.props.OrderID)
			checkPurchase(t, e, order, items[e.props.OrderID])
		}
	}
	for id := range orders {
		t.Errorf("order %s has no purchase", id)
	}
	for id, order := range currentOrders(t, o.Out) {
		if paid[id] != order["total"] {
			t.Errorf("order %s of %s: %q was paid", id, order["total"], paid[id])
		}
	}
}

func checkPurchase(t *testing.T, e readEvent, order row, items []row) {
	t.Helper()
	p := e.props
	for column, want := range map[string]string{
		"store_id": p.StoreID, "user_id": e.UserID.String(), "payment_method": p.PaymentMethod,
		"subtotal": p.Subtotal.String(), "delivery_fee": p.DeliveryFee.String(), "total": p.Total.String(),
		"created_at": e.Timestamp.UTC().Format(time.DateTime),
	} {
		if order[column] != want {
			t.Errorf("order %s: %s is %q, the event has %q", p.OrderID, column, order[column], want)
		}
	}
	if len(items) != len(p.Items) || len(items) == 0 {
		t.Fatalf("order %s has %d items, the event %d", p.OrderID, len(items), len(p.Items))
	}
	sum := decimal.Zero
	for i, item := range items {
		if item["product_id"] != p.Items[i].ProductID || item["price"] != p.Items[i].Price.String() || item["quantity"] != strconv.FormatInt(p.Items[i].Quantity, 10) {
			t.Errorf("order %s: item %d differs: %v, %+v", p.OrderID, i, item, p.Items[i])
		}
		line := item.money(t, "price").Mul(item.money(t, "quantity"))
		if !line.Equal(item.money(t, "subtotal")) {
			t.Errorf("order %s: item %d: price × quantity is %s, subtotal %s", p.OrderID, i, line, item["subtotal"])
		}
		sum = sum.Add(line)
	}
	if !sum.Equal(order.money(t, "subtotal")) || !sum.Add(order.money(t, "delivery_fee")).Equal(order.money(t, "total")) {
		t.Errorf("order %s: items are %s, order says %s + %s = %s", p.OrderID, sum, order["subtotal"], order["delivery_fee"], order["total"])
	}
}

func TestOrdersGoTheirWay(t *testing.T) {
	o := small(t)
	o.History = true
	run(t, o)
	next := map[string]string{"PENDIENTE": "CONFIRMADO", "CONFIRMADO": "PREPARANDO", "PREPARANDO": "ENVIADO", "ENVIADO": "ENTREGADO"}
	last := map[string]row{}
	for _, r := range readTable(t, o.Out, "orders") {
		before, seen := last[r["id"]]
		switch {
		case !seen && (r["status"] != "PENDIENTE" || r["created_at"] != r["updated_at"]):
			t.Errorf("order begins as %v", r)
		case seen && r["status"] != "CANCELADO" && r["status"] != next[before["status"]]:
			t.Errorf("order went from %s to %s", before["status"], r["status"])
		case seen && before["status"] == "CANCELADO":
			t.Errorf("order went on after it was cancelled: %v", r)
		case !r.time(t, "updated_at").Before(o.To):
			t.Errorf("changed after the range: %v", r)
		}
		last[r["id"]] = r
	}
	final := map[string]int{}
	for _, r := range last {
		final[r["status"]]++
	}
	if final["ENTREGADO"] == 0 || final["CANCELADO"] == 0 || final["ENVIADO"] == 0 {
		t.Errorf("delivered, cancelled and open orders are wanted: %v", final)
	}
	plain := small(t)
	run(t, plain)
	for id, r := range currentOrders(t, plain.Out) {
		if r["status"] != last[id]["status"] || r["updated_at"] != last[id]["updated_at"] {
			t.Errorf("without --history order %s is %v, with it %v", id, r, last[id])
		}
	}
}

// A visit has one address and one device; whoever is logged in stays so and
// has signed up before; a purchase follows an add_to_cart and a checkout.
func TestVisitsMakeSense(t *testing.T) {
	o := small(t)
	run(t, o)
	signedUp := map[string]time.Time{}
	for _, u := range readTable(t, o.Out, "users") {
		signedUp[u["id"]] = u.time(t, "created_at")
	}
	buyers, bounced, numbered, exact, near := 0, 0, 0, 0, 0
	sessions := webSessions(distinct(t, readEvents(t, o.Out)))
	for _, s := range sessions {
		seen := map[event.Type]bool{}
		user := event.ID{}
		for _, e := range s {
			if e.Context.IP != s[0].Context.IP || e.Context.UserAgent != s[0].Context.UserAgent {
				t.Fatalf("session %s changes hands", e.SessionID)
			}
			if !user.IsZero() && e.UserID != user {
				t.Fatalf("session %s: user %s becomes %s", e.SessionID, user, e.UserID)
			}
			user = e.UserID
			if since, known := signedUp[user.String()]; !user.IsZero() && (!known || e.Timestamp.Before(since)) {
				t.Fatalf("user %s is not signed up at %s", user, e.Timestamp)
			}
			if e.Type == event.PurchaseCompleted && !(seen[event.AddToCart] && seen[event.CheckoutStarted] && !user.IsZero()) {
				t.Fatalf("session %s buys out of order", e.SessionID)
			}
			seen[e.Type] = true
		}
		if seen[event.PurchaseCompleted] {
			buyers++
		}
		if len(s) == 1 {
			bounced++
		}
		for i := 1; i < len(s); i++ {
			if gap := s[i].Timestamp.Sub(s[i-1].Timestamp); gap == 30*time.Minute {
				exact++
			} else if gap > 22*time.Minute && gap < 30*time.Minute {
				near++
			}
		}
		if !s[0].Context.PageViewID.IsZero() {
			numbered++
		}
	}
	within := func(what string, n int, lo, hi float64) {
		if share := float64(n) / float64(len(sessions)); share < lo || share > hi {
			t.Errorf("%s: %.3f of the sessions, want %.2f to %.2f", what, share, lo, hi)
		}
	}
	if exact == 0 || near == 0 {
		t.Errorf("%d pauses of just 30 minutes, %d a little shorter: both are wanted", exact, near)
	}
	within("buyers", buyers, 0.04, 0.10)
	within("bounced", bounced, 0.25, 0.50)
	within("with page_view_id", numbered, 0.6, 0.8)
}

// The stock at a day's end is the one before less the day's sales, or filled
// up when it ran low; a price changes with the month only.
func TestStockFollowsSales(t *testing.T) {
	o := small(t)
	o.Events, o.Stores = 60_000, 4
	run(t, o)
	orders := currentOrders(t, o.Out)
	sold := map[string]map[string]int64{} // by product and day
	for id, items := range itemsByOrder(t, o.Out) {
		day := orders[id]["created_at"][:10]
		for _, item := range items {
			if sold[item["product_id"]] == nil {
				sold[item["product_id"]] = map[string]int64{}
			}
			sold[item["product_id"]][day] += item.money(t, "quantity").IntPart()
		}
	}
	refilled, repriced := 0, 0
	for id, versions := range productVersions(t, o.Out) {
		stock, price := versions[0].money(t, "stock").IntPart(), versions[0]["price"]
		v := 1
		for at := o.From; at.Before(o.To); at = at.AddDate(0, 0, 1) {
			end := stock
			for ; v < len(versions) && versions[v].time(t, "updated_at").Before(at.AddDate(0, 0, 1)); v++ {
				end = versions[v].money(t, "stock").IntPart()
				if versions[v]["price"] != price {
					price = versions[v]["price"]
					repriced++
					if versions[v]["updated_at"][8:] != "01 00:00:00" {
						t.Errorf("product %s has a new price at %s", id, versions[v]["updated_at"])
					}
				}
			}
			left := stock - sold[id][at.Format(time.DateOnly)]
			if left >= reorderAt && end != left || end < 0 {
				t.Errorf("product %s on %s: %d in the morning, %d in the evening, %d sold", id, at.Format(time.DateOnly), stock, end, stock-left)
			} else if end > stock {
				refilled++
			}
			stock = end
		}
		if v != len(versions) {
			t.Errorf("product %s has versions after the range", id)
		}
	}
	if refilled == 0 || repriced == 0 {
		t.Errorf("%d refilled, %d repriced: both are wanted", refilled, repriced)
	}
}
