package generate

import (
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

// place is where a visitor stands; what comes next depends on it.
type place int

const (
	atHome place = iota
	atList
	atStore
	atProduct
	gone
)

// A visit is bounded in steps and in time, so that it never touches a third day.
const (
	maxSteps = 40
	maxVisit = 20 * hour
)

// visit plays the funnel: landing, then step by step until the visitor leaves.
func (v *session) visit() {
	r := &v.rng
	began := v.at
	where := v.land()
	bounced := r.chance(330) && !v.signsUp
	if bounced || v.over {
		return
	}
	if v.signsUp {
		v.think(40 * second)
		v.signUp()
	}
	for range maxSteps {
		if v.over || where == gone || v.at-began > maxVisit {
			return
		}
		v.think(28 * second)
		if !v.known && v.member() && r.chance(250) {
			v.known = true
		}
		switch where {
		case atHome:
			where = v.fromHome()
		case atList:
			where = v.fromList()
		case atStore:
			where = v.fromStore()
		case atProduct:
			where = v.fromProduct()
		}
	}
}

func (v *session) fromHome() place {
	r := &v.rng
	switch roll := r.below(100); {
	case roll < 30:
		return v.search()
	case roll < 75:
		return v.chooseStore()
	case roll < 88:
		slug := pick(r, categories).slug
		v.open(site + "/c/" + slug)
		v.props = appendPage(v.props[:0], "category", slug)
		v.send(event.PageView)
		return atList
	}
	return gone
}

func (v *session) fromList() place {
	switch roll := v.rng.below(100); {
	case roll < 68:
		v.store = v.w.openStore(&v.rng, v.spec.day, v.at, v.country)
		return v.chooseProduct()
	case roll < 82:
		return v.search()
	}
	return gone
}

func (v *session) fromStore() place {
	switch roll := v.rng.below(100); {
	case roll < 74:
		return v.chooseProduct()
	case roll < 82:
		return v.chooseStore()
	case roll < 87:
		return v.search()
	}
	return gone
}

func (v *session) fromProduct() place {
	r := &v.rng
	if r.chance(150) {
		return v.addToCart()
	}
	switch roll := r.below(100); {
	case roll < 52 && r.chance(600):
		return v.clickOn(v.w.companionProduct(r, v.store, v.product, v.at))
	case roll < 52:
		return v.chooseProduct()
	case roll < 64:
		return v.chooseStore()
	case roll < 72:
		return v.search()
	}
	if len(v.cart) > 0 && r.chance(250) {
		return v.checkout()
	}
	return gone
}

func (v *session) chooseStore() place {
	v.store = v.w.openStore(&v.rng, v.spec.day, v.at, v.country)
	v.openStore(v.w.storeList[v.store].url)
	return atStore
}

// chooseProduct takes a product of the store, by popularity.
func (v *session) chooseProduct() place {
	return v.clickOn(v.w.shelfProduct(&v.rng, v.store, v.at))
}

// clickOn clicks on a product of the store in a list, and views it.
func (v *session) clickOn(product int) place {
	r := &v.rng
	v.product = product
	if r.chance(450) {
		v.props = v.productClick(v.props[:0], r.between(1, 24))
		v.send(event.ProductClick)
		v.at += int64(r.between(300, 1800))
	}
	v.openProduct(v.w.products[v.product].url)
	return atProduct
}

func (v *session) search() place {
	r := &v.rng
	query := strings.ToLower(pick(r, pick(r, categories).things))
	v.open(site + "/buscar?q=" + strings.ReplaceAll(slugify(query), "-", "+"))
	v.props = appendSearch(v.props[:0], query, r.below(60))
	v.send(event.SearchPerformed)
	return atList
}
