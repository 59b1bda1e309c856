package generate

import (
	"strconv"

	"github.com/tiendi/tiendi/internal/event"
)

// The functions of this file append the properties object of each event type.

func appendID(dst []byte, id event.ID) []byte {
	return append(event.AppendID(append(dst, '"'), id), '"')
}

// appendMoney appends cents as a JSON number with two decimals: 19.90.
func appendMoney(dst []byte, cents int64) []byte {
	dst = strconv.AppendInt(dst, cents/100, 10)
	return append(dst, '.', byte('0'+cents/10%10), byte('0'+cents%10))
}

func appendPage(dst []byte, kind, category string) []byte {
	dst = event.AppendString(append(dst, `{"page_type":`...), kind)
	if category != "" {
		dst = event.AppendString(append(dst, `,"category":`...), category)
	}
	return append(dst, '}')
}

func (v *session) appendStorePage(dst []byte, kind string) []byte {
	dst = event.AppendString(append(dst, `{"page_type":`...), kind)
	dst = appendID(append(dst, `,"store_id":`...), v.w.storeList[v.store].id)
	return append(dst, '}')
}

func appendSearch(dst []byte, query string, results int) []byte {
	dst = event.AppendString(append(dst, `{"query":`...), query)
	dst = strconv.AppendInt(append(dst, `,"results_count":`...), int64(results), 10)
	return append(dst, '}')
}

func appendSignUp(dst []byte, method string) []byte {
	return append(event.AppendString(append(dst, `{"method":`...), method), '}')
}

func (v *session) storeVisited(dst []byte) []byte {
	s := &v.w.storeList[v.store]
	dst = appendID(append(dst, `{"store_id":`...), s.id)
	dst = event.AppendString(append(dst, `,"store_name":`...), s.name)
	return append(dst, '}')
}

func (v *session) productViewed(dst []byte) []byte {
	s, p := &v.w.storeList[v.store], &v.w.products[v.product]
	category := p.category
	if category == "" {
		category = eventCategory
	}
	dst = appendID(append(dst, `{"product_id":`...), p.id)
	dst = appendID(append(dst, `,"store_id":`...), s.id)
	dst = event.AppendString(append(dst, `,"product_name":`...), p.name)
	dst = appendMoney(append(dst, `,"product_price":`...), v.w.priceIn(v.product, v.month))
	dst = event.AppendString(append(dst, `,"product_category":`...), category)
	dst = event.AppendString(append(dst, `,"store_name":`...), s.name)
	return append(dst, '}')
}

func (v *session) productClick(dst []byte, position int) []byte {
	dst = appendID(append(dst, `{"product_id":`...), v.w.products[v.product].id)
	dst = appendID(append(dst, `,"store_id":`...), v.w.storeList[v.store].id)
	dst = strconv.AppendInt(append(dst, `,"position":`...), int64(position), 10)
	return append(dst, '}')
}

func (v *session) cartLine(dst []byte, l line) []byte {
	dst = appendID(append(dst, `{"product_id":`...), v.w.products[l.product].id)
	dst = appendID(append(dst, `,"store_id":`...), v.w.storeList[v.cartOf].id)
	dst = strconv.AppendInt(append(dst, `,"quantity":`...), l.quantity, 10)
	dst = appendMoney(append(dst, `,"price":`...), l.price)
	return append(dst, '}')
}

func (v *session) appendLines(dst []byte, lines []line) []byte {
	dst = append(dst, '[')
	for i, l := range lines {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendID(append(dst, `{"product_id":`...), v.w.products[l.product].id)
		dst = strconv.AppendInt(append(dst, `,"quantity":`...), l.quantity, 10)
		dst = appendMoney(append(dst, `,"price":`...), l.price)
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

func (v *session) checkoutStarted(dst []byte, o *order) []byte {
	dst = appendID(append(dst, `{"store_id":`...), v.w.storeList[v.cartOf].id)
	dst = appendMoney(append(dst, `,"subtotal":`...), o.subtotal)
	dst = v.appendLines(append(dst, `,"items":`...), o.lines)
	return append(dst, '}')
}

func (v *session) purchaseCompleted(dst []byte, o *order) []byte {
	dst = appendID(append(dst, `{"order_id":`...), o.id)
	dst = appendID(append(dst, `,"store_id":`...), v.w.storeList[v.cartOf].id)
	dst = appendMoney(append(dst, `,"total":`...), o.subtotal+o.fee)
	dst = appendMoney(append(dst, `,"subtotal":`...), o.subtotal)
	dst = appendMoney(append(dst, `,"delivery_fee":`...), o.fee)
	dst = v.appendLines(append(dst, `,"items":`...), o.lines)
	dst = event.AppendString(append(dst, `,"payment_method":`...), o.method)
	return append(dst, '}')
}

// payment is of a payment that failed with a code, or of one that succeeded,
// which knows its order.
func (v *session) payment(dst []byte, id event.ID, o *order, failure string) []byte {
	dst = appendID(append(dst, `{"payment_id":`...), id)
	dst = appendID(append(dst, `,"store_id":`...), v.w.storeList[v.cartOf].id)
	dst = appendMoney(append(dst, `,"amount":`...), o.subtotal+o.fee)
	dst = event.AppendString(append(dst, `,"payment_method":`...), o.method)
	if failure != "" {
		dst = event.AppendString(append(dst, `,"error_code":`...), failure)
	} else {
		dst = appendID(append(dst, `,"order_id":`...), o.id)
	}
	return append(dst, '}')
}

func appendRequest(dst []byte, method, route string, status int, durationMS int64) []byte {
	dst = event.AppendString(append(dst, `{"method":`...), method)
	dst = event.AppendString(append(dst, `,"route":`...), route)
	dst = strconv.AppendInt(append(dst, `,"status":`...), int64(status), 10)
	dst = strconv.AppendInt(append(dst, `,"duration_ms":`...), durationMS, 10)
	return append(dst, '}')
}

func appendProbe(dst []byte, status int, durationMS int64) []byte {
	dst = append(dst, `{"target":"`+site+`/healthz","status":`...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = strconv.AppendInt(append(dst, `,"duration_ms":`...), durationMS, 10)
	return append(dst, '}')
}

func appendStoreCreated(dst []byte, s *store) []byte {
	dst = appendID(append(dst, `{"store_id":`...), s.id)
	dst = event.AppendString(append(dst, `,"store_name":`...), s.name)
	dst = event.AppendString(append(dst, `,"plan":`...), s.periods[0].plan.name)
	return append(dst, '}')
}
