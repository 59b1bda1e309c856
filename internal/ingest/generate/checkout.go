package generate

import "github.com/tiendi/tiendi/internal/event"

// addToCart puts the viewed product into the cart, of one store at a time,
// and goes on: to the checkout, to take something out, or to look further.
func (v *session) addToCart() place {
	r := &v.rng
	if len(v.cart) > 0 && v.cartOf != v.store {
		v.cart = v.cart[:0] // the shop's carts are by store: a new one is begun
	}
	v.cartOf = v.store
	l := line{v.product, 1, v.w.priceIn(v.product, v.month)}
	if r.chance(180) {
		l.quantity = int64(r.between(2, 4))
	}
	v.putIntoCart(l)
	v.props = v.cartLine(v.props[:0], l)
	if !v.send(event.AddToCart) {
		return gone
	}
	switch roll := r.below(100); {
	case roll < 32:
		return v.checkout()
	case roll < 42:
		v.think(15 * second)
		return v.removeFromCart()
	}
	return atProduct
}

// putIntoCart adds to the product's line where there is one: an order has one
// line a product.
func (v *session) putIntoCart(l line) {
	for i := range v.cart {
		if v.cart[i].product == l.product {
			v.cart[i].quantity += l.quantity
			return
		}
	}
	v.cart = append(v.cart, l)
}

func (v *session) removeFromCart() place {
	last := v.cart[len(v.cart)-1]
	v.cart = v.cart[:len(v.cart)-1]
	v.props = v.cartLine(v.props[:0], last)
	v.send(event.RemoveFromCart)
	return atProduct
}

// checkout goes from the cart to the payment. Guests must log in or leave.
func (v *session) checkout() place {
	r := &v.rng
	v.store = v.cartOf
	v.think(20 * second)
	v.open(site + "/checkout")
	o := v.newOrder()
	v.props = v.checkoutStarted(v.props[:0], o)
	if !v.send(event.CheckoutStarted) || r.chance(170) {
		return gone
	}
	v.think(60 * second)
	if !v.known && !v.logIn() {
		return gone
	}
	if !v.pay(o) {
		return gone
	}
	return v.purchase(o)
}

// logIn: members remember their password, and two guests in three turn out
// to have an account.
func (v *session) logIn() bool {
	if !v.member() {
		if v.rng.chance(350) {
			return false
		}
		v.user = v.w.user(v.w.knownUser(&v.rng, v.spec.day))
	}
	v.known = true
	return true
}

// purchase places the order. Some buyers look at their orders and go on.
func (v *session) purchase(o *order) place {
	r := &v.rng
	v.open(site + "/checkout/gracias")
	o.created = v.at / second * second
	v.props = v.purchaseCompleted(v.props[:0], o)
	v.send(event.PurchaseCompleted)
	v.place(o)
	v.cart = v.cart[:0]
	if r.chance(150) {
		return atHome
	}
	if r.chance(200) {
		v.think(10 * second)
		v.open(site + "/mis-pedidos")
		v.props = appendPage(v.props[:0], "orders", "")
		v.send(event.PageView)
	}
	return gone
}
