package generate

import "github.com/tiendi/tiendi/internal/event"

// pay tries the payment under one payment_id: its last event is its result.
func (v *session) pay(o *order) bool {
	r := &v.rng
	failing, final := 80, 350
	if v.w.has(int((v.at-v.w.from)/dayLong), PaymentFailures) {
		failing, final = 750, 850
	}
	id := r.id()
	failed := r.chance(failing)
	if failed && !v.payFails(id, o) {
		return false
	}
	paid := (!failed || !r.chance(final)) && v.paySucceeds(id, o, failed)
	if failed && !paid {
		v.tally.PaymentsFailed++
	}
	return paid
}

func (v *session) payFails(id event.ID, o *order) bool {
	v.at += int64(v.rng.between(800, 6000))
	code := pick(&v.rng, []string{"card_declined", "insufficient_funds", "expired_card", "processing_error"})
	v.props = v.payment(v.props[:0], id, o, code)
	v.over = !v.sendServer(event.PaymentFailed, v.at)
	return !v.over
}

// paySucceeds pays, at a second try after a while. The order follows within a
// second and a half: a payment whose order would miss the end of the range is
// not made.
func (v *session) paySucceeds(id event.ID, o *order, again bool) bool {
	if again {
		v.think(30 * second)
	}
	v.at += int64(v.rng.between(800, 6000))
	if v.at+1500 >= v.w.to {
		v.over = true
		return false
	}
	v.props = v.payment(v.props[:0], id, o, "")
	v.sendServer(event.PaymentSucceeded, v.at)
	v.tally.PaymentsSucceeded++
	v.at += int64(v.rng.between(100, 1499))
	return true
}
