package generate

import (
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

// land is the first page, with where the visit comes from.
func (v *session) land() place {
	r := &v.rng
	from := &sources[sourceWeights.draw(r)]
	v.store = v.w.openStore(r, v.spec.day, v.at, v.country)
	v.page.Referrer = from.referrer
	tag := func(url string) string {
		if from.utm == "" {
			return url
		}
		return url + "?" + from.utm
	}
	switch roll := r.below(100); {
	case roll < 35:
		v.openHome(tag(site + "/"))
		return atHome
	case roll < 65:
		v.openStore(tag(v.w.storeList[v.store].url))
		return atStore
	}
	v.product = v.w.shelfProduct(r, v.store, v.at)
	v.openProduct(tag(v.w.products[v.product].url))
	return atProduct
}

func (v *session) openHome(url string) {
	v.landOn(url)
	v.props = appendPage(v.props[:0], "home", "")
	v.send(event.PageView)
}

// landOn sets the page without making the referring site a page of ours.
func (v *session) landOn(url string) {
	referrer := v.page.Referrer
	v.open(url)
	if referrer != "" && !strings.HasPrefix(referrer, site) {
		v.page.Referrer = referrer
	}
}

func (v *session) openStore(url string) {
	v.openPaged(url, "store")
	v.props = v.storeVisited(v.props[:0])
	v.send(event.StoreVisited)
}

func (v *session) openProduct(url string) {
	v.openPaged(url, "product")
	v.props = v.productViewed(v.props[:0])
	v.send(event.ProductViewed)
}

// openPaged goes to a page. The newer script sends a page_view beside the
// page's own event for some, under the same page_view_id: one page load.
func (v *session) openPaged(url, kind string) {
	v.landOn(url)
	if v.paged && v.rng.chance(200) {
		v.props = v.appendStorePage(v.props[:0], kind)
		v.send(event.PageView)
	}
}
