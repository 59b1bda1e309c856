package generate

import (
	"cmp"
	"slices"
)

// stockKeeper writes products: a row when a product is new, and another
// whenever its price or, on a day with sales, its stock has changed, so that
// the last row at or before a day's end is what was on the shelf then.
type stockKeeper struct {
	w     *world
	out   *file
	queue []int   // products by time of creation, those not yet written
	stock []int32 // by product
	price []int64 // by product; 0 before it is written
	sales []sale  // of days to come
	sold  []int32 // of the day being closed, by product
	last  []int64 // time of the day's last sale, by product
	rows  []productRow
	buf   []byte
	count int64 // products written
}

type productRow struct {
	at      int64
	product int
	price   int64
	stock   int32
}

func newStockKeeper(w *world, out *file) *stockKeeper {
	n := len(w.products)
	k := &stockKeeper{
		w: w, out: out, queue: make([]int, n),
		stock: make([]int32, n), price: make([]int64, n), sold: make([]int32, n), last: make([]int64, n),
	}
	for i := range k.queue {
		k.queue[i] = i
	}
	slices.SortStableFunc(k.queue, func(a, b int) int {
		return cmp.Compare(w.products[a].created, w.products[b].created)
	})
	return k
}

const (
	reorderAt = 8 // restock when the day ends with less
	nearlyDay = dayLong - second
)

// closeDay writes the rows of the day that starts at start.
func (k *stockKeeper) closeDay(start int64) error {
	k.rows = k.rows[:0]
	end := min(start+dayLong, k.w.to)
	if monthOf(start) != monthOf(start-1) && start > k.w.from {
		k.reprice(start)
	}
	k.create(end)
	k.sell(start, end)
	slices.SortStableFunc(k.rows, func(a, b productRow) int { return cmp.Compare(a.at, b.at) })
	k.buf = k.buf[:0]
	for _, row := range k.rows {
		k.buf = k.w.appendProduct(k.buf, row.product, row.price, row.stock, row.at)
	}
	return k.out.write(int64(len(k.rows)), k.buf)
}

func (k *stockKeeper) row(product int, at int64) {
	k.rows = append(k.rows, productRow{at, product, k.price[product], k.stock[product]})
}

func (k *stockKeeper) reprice(start int64) {
	month := monthOf(start)
	for product, price := range k.price {
		if price == 0 {
			continue
		}
		if now := k.w.priceIn(product, month); now != price {
			k.price[product] = now
			k.row(product, start)
		}
	}
}

// create writes the products that are new before end; the first day's include
// all that came before the range, at the price of its first month.
func (k *stockKeeper) create(end int64) {
	for len(k.queue) > 0 && k.w.products[k.queue[0]].created < end {
		product := k.queue[0]
		k.queue = k.queue[1:]
		p := &k.w.products[product]
		k.stock[product] = p.stock
		k.price[product] = k.w.priceIn(product, monthOf(max(p.created, k.w.from)))
		k.row(product, p.created)
		k.count++
	}
}

// sell takes the day's sales off the shelf. What runs out within the day is
// filled up at once, what runs low when the day ends.
func (k *stockKeeper) sell(start, end int64) {
	var touched []int32
	later := k.sales[:0]
	for _, s := range k.sales {
		if s.at >= end {
			later = append(later, s)
			continue
		}
		if k.sold[s.product] == 0 {
			touched = append(touched, s.product)
		}
		k.sold[s.product] += s.quantity
		k.last[s.product] = max(k.last[s.product], s.at)
	}
	k.sales = later
	for _, product := range touched {
		full := k.w.products[product].stock
		left := k.stock[product] - k.sold[product]
		if left < 0 {
			left = left%full + full
		}
		k.stock[product] = left
		k.row(int(product), k.last[product])
		if left < reorderAt && start+nearlyDay < k.w.to {
			k.stock[product] = full
			k.row(int(product), start+nearlyDay)
		}
		k.sold[product], k.last[product] = 0, 0
	}
}
