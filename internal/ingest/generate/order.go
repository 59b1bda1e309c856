package generate

import "github.com/tiendi/tiendi/internal/event"

// order is a row of orders with its items. Money is in cents.
type order struct {
	id            event.ID
	lines         []line
	subtotal, fee int64
	method        string
	created       int64
}

// status is where an order stands.
type status int

const (
	pendiente status = iota
	confirmado
	preparando
	enviado
	entregado
	cancelado
)

var statusNames = [...]string{"PENDIENTE", "CONFIRMADO", "PREPARANDO", "ENVIADO", "ENTREGADO", "CANCELADO"}

// version is an order's status from a time on.
type version struct {
	status status
	at     int64
}

const freeDeliveryFrom = 8000 // cents

// newOrder turns the cart into an order that is not yet placed.
func (v *session) newOrder() *order {
	r := &v.rng
	o := &order{id: r.id(), lines: v.cart}
	for _, l := range o.lines {
		o.subtotal += l.price * l.quantity
	}
	if o.subtotal < freeDeliveryFrom || r.chance(300) {
		o.fee = int64(r.between(5, 19))*50 - 10
		if v.country != cities[v.w.storeList[v.cartOf].city].country {
			o.fee += 790
		}
	}
	switch roll := r.below(100); {
	case roll < 52:
		o.method = "credit_card"
	case roll < 68:
		o.method = "debit_card"
	case roll < 82:
		o.method = "bank_transfer"
	case roll < 92:
		o.method = "wallet"
	default:
		o.method = "cash"
	}
	return o
}

// life draws what becomes of an order, from its first to its last version.
func life(r *stream, created int64) []version {
	after := [...]struct {
		next     status
		from, to int // minutes
	}{
		{confirmado, 2, 90},
		{preparando, 20, 10 * 60},
		{enviado, 2 * 60, 30 * 60},
		{entregado, 10 * 60, 96 * 60},
	}
	versions := []version{{pendiente, created}}
	at := created
	cancelAfter := -1
	if r.chance(65) {
		cancelAfter = pick(r, []int{0, 0, 1, 1, 1, 2, 3})
	}
	for i, step := range after {
		at += int64(r.between(step.from*60, step.to*60)) * second
		if i == cancelAfter {
			return append(versions, version{cancelado, at})
		}
		versions = append(versions, version{step.next, at})
	}
	return versions
}

// place writes the order as it stands when the range ends, or every version
// up to then, and its items.
func (v *session) place(o *order) {
	r := newStream(v.w.seed, kindOrder, uint64(o.created), v.rng.next())
	versions := life(&r, o.created)
	reached := 1
	for reached < len(versions) && versions[reached].at < v.w.to {
		reached++
	}
	first := reached - 1
	if v.w.history {
		first = 0
	}
	for _, state := range versions[first:reached] {
		v.orders = v.appendOrder(v.orders, o, state)
		v.tally.OrderVersions++
	}
	units := int64(0)
	for _, l := range o.lines {
		v.items = v.appendItem(v.items, o, l, r.id())
		v.sales = append(v.sales, sale{v.at, int32(l.product), int32(l.quantity)})
		units += l.quantity
	}
	v.tally.order(o, versions[reached-1].status, units, v.w.storeList[v.cartOf].commission, v.w.from)
}
