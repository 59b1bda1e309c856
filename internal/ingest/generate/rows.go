package generate

import (
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// The headers are the layout of the marketplace's tables.
const (
	storesHeader        = "id,name,email,language,city,state,commission_rate,plan,created_at\n"
	usersHeader         = "id,city,state,created_at\n"
	productsHeader      = "id,store_id,name,category,price,stock,created_at,updated_at\n"
	ordersHeader        = "id,store_id,user_id,status,subtotal,delivery_fee,total,payment_method,created_at,updated_at\n"
	itemsHeader         = "id,order_id,product_id,quantity,price,subtotal\n"
	subscriptionsHeader = "store_id,plan,monthly_fee,started_at,ended_at\n"
)

// appendDateTime appends a time in UTC as tables have it: 2026-08-25 10:11:12.
func appendDateTime(dst []byte, at int64) []byte {
	start := len(dst)
	dst = event.AppendTime(dst, time.UnixMilli(at))
	dst[start+len(time.DateOnly)] = ' '
	return dst[:start+len(time.DateTime)]
}

// appendText appends a field that may need quotes.
func appendText(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, ",\"\r\n") {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(s, `"`, `""`)...)
	return append(dst, '"')
}

func appendUser(dst []byte, u *user) []byte {
	dst = event.AppendID(dst, u.id)
	dst = appendText(append(dst, ','), cities[u.city].name)
	dst = appendText(append(dst, ','), cities[u.city].state)
	dst = appendDateTime(append(dst, ','), u.created)
	return append(dst, '\n')
}

func (v *session) appendOrder(dst []byte, o *order, state version) []byte {
	dst = event.AppendID(dst, o.id)
	dst = event.AppendID(append(dst, ','), v.w.storeList[v.cartOf].id)
	dst = event.AppendID(append(dst, ','), v.user.id)
	dst = append(append(dst, ','), statusNames[state.status]...)
	dst = appendMoney(append(dst, ','), o.subtotal)
	dst = appendMoney(append(dst, ','), o.fee)
	dst = appendMoney(append(dst, ','), o.subtotal+o.fee)
	dst = append(append(dst, ','), o.method...)
	dst = appendDateTime(append(dst, ','), o.created)
	dst = appendDateTime(append(dst, ','), state.at)
	return append(dst, '\n')
}

func (v *session) appendItem(dst []byte, o *order, l line, id event.ID) []byte {
	dst = event.AppendID(dst, id)
	dst = event.AppendID(append(dst, ','), o.id)
	dst = event.AppendID(append(dst, ','), v.w.products[l.product].id)
	dst = strconv.AppendInt(append(dst, ','), l.quantity, 10)
	dst = appendMoney(append(dst, ','), l.price)
	dst = appendMoney(append(dst, ','), l.price*l.quantity)
	return append(dst, '\n')
}

// appendProduct writes a version of a product: its price and stock from
// updated on.
func (w *world) appendProduct(dst []byte, index int, price int64, stock int32, updated int64) []byte {
	p := &w.products[index]
	dst = event.AppendID(dst, p.id)
	dst = event.AppendID(append(dst, ','), w.storeList[p.store].id)
	dst = appendText(append(dst, ','), p.name)
	dst = appendText(append(dst, ','), p.category)
	dst = appendMoney(append(dst, ','), price)
	dst = strconv.AppendInt(append(dst, ','), int64(stock), 10)
	dst = appendDateTime(append(dst, ','), p.created)
	dst = appendDateTime(append(dst, ','), updated)
	return append(dst, '\n')
}

func (w *world) appendStore(dst []byte, s *store) []byte {
	dst = event.AppendID(dst, s.id)
	dst = appendText(append(dst, ','), s.name)
	dst = appendText(append(dst, ','), s.email)
	dst = append(append(dst, ','), s.language...)
	dst = appendText(append(dst, ','), cities[s.city].name)
	dst = appendText(append(dst, ','), cities[s.city].state)
	dst = appendMoney(append(dst, ','), int64(s.commission))
	dst = append(append(dst, ','), s.planAt(w.to).name...)
	dst = appendDateTime(append(dst, ','), s.created)
	return append(dst, '\n')
}

func appendSubscription(dst []byte, s *store, p period) []byte {
	dst = event.AppendID(dst, s.id)
	dst = append(append(dst, ','), p.plan.name...)
	dst = appendMoney(append(dst, ','), p.plan.fee)
	dst = appendDateTime(append(dst, ','), p.started)
	dst = append(dst, ',')
	if p.ended != 0 {
		dst = appendDateTime(dst, p.ended)
	}
	return append(dst, '\n')
}
