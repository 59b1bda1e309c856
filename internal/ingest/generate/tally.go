package generate

import "github.com/tiendi/tiendi/internal/event"

// tally counts what a slot made. Money is in cents.
type tally struct {
	day      int // of the slot; days count from there
	ByType   map[event.Type]int64
	ByStatus [len(statusNames)]int64

	Duplicates, BotEvents, Sessions     int64
	Users, Orders, OrderVersions, Items int64
	GMV, DeliveredGMV, Units, Delivered int64
	Purchases                           int64 // Σ total of all orders
	Commissions                         int64 // cents × per cent
	PaymentsSucceeded, PaymentsFailed   int64
	ProbesDue, ProbesUp                 int64

	// Days are the slot's day and those that its visits run into: a visit
	// takes less than a day.
	Days [2]dayTally
}

type dayTally struct{ Events, Orders, GMV int64 }

func (t *tally) event(typ event.Type, day int) {
	t.ByType[typ]++
	t.Days[day-t.day].Events++
}

func (t *tally) order(o *order, now status, units int64, commission int, from int64) {
	t.Orders++
	t.Items += int64(len(o.lines))
	t.ByStatus[now]++
	t.Purchases += o.subtotal + o.fee
	if now == cancelado {
		return
	}
	day := &t.Days[int((o.created-from)/dayLong)-t.day]
	day.Orders++
	day.GMV += o.subtotal
	t.GMV += o.subtotal
	t.Units += units
	if now == entregado {
		t.DeliveredGMV += o.subtotal
		t.Delivered += units
		t.Commissions += o.subtotal * int64(commission)
	}
}
