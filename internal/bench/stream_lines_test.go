package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// lines are events as a shop's page sends them.
func lines(facts []fact) ([]byte, error) {
	var all bytes.Buffer
	for i := range facts {
		line, err := json.Marshal(facts[i].line())
		if err != nil {
			return nil, err
		}
		all.Write(append(line, '\n'))
	}
	return all.Bytes(), nil
}

type object map[string]any

func (f *fact) line() object {
	line := object{
		"event_id": f.id, "event_type": f.kind, "session_id": f.session,
		"timestamp": time.UnixMilli(f.at).UTC().Format(time.RFC3339Nano),
		"context":   f.context(), "properties": f.properties(),
	}
	if f.user != uuid.Nil {
		line["user_id"] = f.user
	}
	return line
}

// context leads to the fact's source, in each of the ways that there are.
func (f *fact) context() object {
	page, referrer := "https://shop.example/somewhere", ""
	switch f.source {
	case "direct":
	case "search":
		referrer = "https://www.google.com/"
	case "referral":
		referrer = "https://blog.example.org/post"
	default:
		page += "?utm_source=" + f.source
	}
	return object{
		"ip": "203.0.113.77", "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
		"page_url": page, "referrer": referrer, "device_type": "desktop", "os": "Linux", "browser": "Firefox", "page_view_id": f.pageView,
	}
}

func (f *fact) properties() object {
	p := object{}
	if f.store != uuid.Nil {
		p["store_id"] = f.store
	}
	var items []object
	for _, i := range f.items {
		items = append(items, object{"product_id": i.product, "quantity": i.quantity, "price": money(i.price)})
	}
	switch f.kind {
	case "product_viewed":
		p["product_id"], p["product_name"], p["product_price"] = f.items[0].product, "A thing", money(f.items[0].price)
	case "add_to_cart":
		p["product_id"], p["quantity"], p["price"] = f.items[0].product, f.items[0].quantity, money(f.items[0].price)
	case "checkout_started":
		p["subtotal"], p["items"] = money(1), items
	case "purchase_completed":
		p["order_id"], p["total"], p["items"] = uuid.New(), money(f.total), items
		p["subtotal"], p["delivery_fee"], p["payment_method"] = money(f.total-500), money(500), "card"
	}
	return p
}

// money is an amount of hundredths.
func money(hundredths int64) json.Number {
	return json.Number(fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100))
}
