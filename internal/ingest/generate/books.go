package generate

import (
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// books adds tallies up until the ledger is written.
type books struct {
	tally
	days []dayTally
}

func newBooks(days int) *books {
	return &books{tally: tally{ByType: map[event.Type]int64{}}, days: make([]dayTally, days)}
}

func (b *books) add(t *tally) {
	for typ, n := range t.ByType {
		b.ByType[typ] += n
	}
	for i, n := range t.ByStatus {
		b.ByStatus[i] += n
	}
	for _, pair := range [...]struct{ sum, part *int64 }{
		{&b.Duplicates, &t.Duplicates}, {&b.BotEvents, &t.BotEvents}, {&b.Sessions, &t.Sessions},
		{&b.Users, &t.Users}, {&b.Orders, &t.Orders}, {&b.OrderVersions, &t.OrderVersions}, {&b.Items, &t.Items},
		{&b.GMV, &t.GMV}, {&b.DeliveredGMV, &t.DeliveredGMV}, {&b.Units, &t.Units}, {&b.Delivered, &t.Delivered},
		{&b.Purchases, &t.Purchases}, {&b.Commissions, &t.Commissions},
		{&b.PaymentsSucceeded, &t.PaymentsSucceeded}, {&b.PaymentsFailed, &t.PaymentsFailed},
		{&b.ProbesDue, &t.ProbesDue}, {&b.ProbesUp, &t.ProbesUp},
	} {
		*pair.sum += *pair.part
	}
	for i, d := range t.Days {
		if day := t.day + i; day < len(b.days) {
			b.days[day].Events += d.Events
			b.days[day].Orders += d.Orders
			b.days[day].GMV += d.GMV
		}
	}
}

func money(cents int64) string { return string(appendMoney(nil, cents)) }

// ledger closes the books.
func (b *books) ledger(p *plan) *Ledger {
	l := &Ledger{
		Generator: generatorName, Version: 1, Seed: p.seed,
		From: time.UnixMilli(p.from).UTC(), To: time.UnixMilli(p.to).UTC(),
		Anomalies: []string{}, Networks: networks(),
		Tables: Tables{Users: b.Users, Orders: b.Orders, OrderVersions: b.OrderVersions, OrderItems: b.Items},
		Events: Events{Duplicates: b.Duplicates, Bots: b.BotEvents, Sessions: b.Sessions, ByType: b.ByType},
		Sales: Sales{
			ByStatus: map[string]int64{}, GMV: money(b.GMV), Units: b.Units,
			DeliveredGMV: money(b.DeliveredGMV), DeliveredUnits: b.Delivered,
			Commissions:    fmt.Sprintf("%d.%04d", b.Commissions/10_000, b.Commissions%10_000),
			PurchasesTotal: money(b.Purchases),
		},
		Payments: Payments{b.PaymentsSucceeded, b.PaymentsFailed},
		Probes:   Probes{b.ProbesDue, b.ProbesUp},
	}
	for i, n := range b.ByStatus {
		l.Sales.ByStatus[statusNames[i]] = n
	}
	for _, n := range b.ByType {
		l.Events.Distinct += n
	}
	l.Events.Lines = l.Events.Distinct + l.Events.Duplicates
	for day, d := range b.days {
		l.Days = append(l.Days, DayTotal{p.date(day).Format(time.DateOnly), d.Events, d.Orders, money(d.GMV)})
		for _, kind := range p.anomalies[day] {
			l.Anomalies = append(l.Anomalies, Anomaly{p.date(day), kind}.String())
		}
	}
	return l
}
