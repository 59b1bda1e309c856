package generate

import "github.com/tiendi/tiendi/internal/event"

// crawl is a robot's visit: product after product, a second or two apart.
func (v *session) crawl() {
	r := &v.rng
	v.bot = true
	v.country = cities[cityWeights.draw(r)].country
	v.equip(&robots[robotWeights.draw(r)])
	v.paged = false
	for range r.between(2, 14) {
		v.store = v.w.openStore(r, v.spec.day, v.at, v.country)
		v.product = v.w.shelfProduct(r, v.store, v.at)
		v.page.PageURL = v.w.products[v.product].url
		v.props = v.productViewed(v.props[:0])
		if !v.send(event.ProductViewed) {
			return
		}
		v.at += r.lognormal(1500, 0.4)
	}
}
