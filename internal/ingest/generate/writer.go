package generate

import "context"

// writer turns slots, in order, into the files of a generation.
type writer struct {
	w      *world
	dir    string
	users  *file
	orders *file
	items  *file
	events *eventFiles
	stock  *stockKeeper
	merge  *merge
	books  *books
	day    int // day being written
	buf    []byte
}

func newWriter(w *world, dir string, how Compression) (*writer, error) {
	t := &writer{w: w, dir: dir, books: newBooks(w.days), events: &eventFiles{dir: dir, how: how}}
	t.merge = &merge{emit: t.events.write}
	var products *file
	for _, table := range []struct {
		to           **file
		name, header string
	}{
		{&t.users, "users", usersHeader}, {&products, "products", productsHeader},
		{&t.orders, "orders", ordersHeader}, {&t.items, "order_items", itemsHeader},
	} {
		f, err := createTable(dir, table.name, table.header)
		if err != nil {
			return nil, err
		}
		*table.to = f
	}
	t.stock = newStockKeeper(w, products)
	return t, nil
}

func createTable(dir, name, header string) (*file, error) {
	f, err := createFile(dir, "marketplace/"+name+".csv", Plain)
	if err != nil {
		return nil, err
	}
	return f, f.write(0, []byte(header))
}

// firstUsers writes those who signed up before the range.
func (t *writer) firstUsers(ctx context.Context) error {
	for i := range t.w.users {
		if i%(1<<16) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		u := t.w.user(i)
		t.buf = appendUser(t.buf[:0], &u)
		if err := t.users.write(1, t.buf); err != nil {
			return err
		}
	}
	t.books.Users += int64(t.w.users)
	return nil
}

// slot writes the next slot.
func (t *writer) slot(s *slot) error {
	for ; t.day < s.spec.day; t.day++ {
		if err := t.closeDay(); err != nil {
			return err
		}
	}
	t.books.add(&s.tally)
	t.stock.sales = append(t.stock.sales, s.sales...)
	if err := t.users.write(s.tally.Users, s.users); err != nil {
		return err
	}
	if err := t.orders.write(s.tally.OrderVersions, s.orders); err != nil {
		return err
	}
	if err := t.items.write(s.tally.Items, s.items); err != nil {
		return err
	}
	return t.merge.slot(s, s.spec.span.to)
}

func (t *writer) closeDay() error {
	return t.stock.closeDay(t.w.from + int64(t.day)*dayLong)
}

// finish writes what is still held, the tables that take the whole range, and
// the ledger.
func (t *writer) finish() (*Ledger, error) {
	if err := t.merge.flush(t.w.to); err != nil {
		return nil, err
	}
	if err := t.events.close(); err != nil {
		return nil, err
	}
	for ; t.day < t.w.days; t.day++ {
		if err := t.closeDay(); err != nil {
			return nil, err
		}
	}
	stores, subscriptions, err := t.writeStores()
	if err != nil {
		return nil, err
	}
	l := t.books.ledger(t.w.plan)
	for _, f := range []*file{stores, t.users, t.stock.out, t.orders, t.items, subscriptions} {
		if err := f.close(); err != nil {
			return nil, err
		}
		l.Files = append(l.Files, f.FileInfo)
	}
	l.Files = append(l.Files, t.events.finished...)
	l.Events.Late = t.events.late
	l.Tables.Products, l.Tables.ProductVersions = t.stock.count, t.stock.out.Rows
	l.Tables.Stores, l.Tables.Subscriptions = stores.Rows, subscriptions.Rows
	return l, writeLedger(t.dir, l)
}

func (t *writer) writeStores() (stores, subscriptions *file, err error) {
	if stores, err = createTable(t.dir, "stores", storesHeader); err != nil {
		return nil, nil, err
	}
	if subscriptions, err = createTable(t.dir, "subscriptions", subscriptionsHeader); err != nil {
		return nil, nil, err
	}
	for i := range t.w.storeList {
		s := &t.w.storeList[i]
		if s.created >= t.w.to {
			continue
		}
		if err := stores.write(1, t.w.appendStore(nil, s)); err != nil {
			return nil, nil, err
		}
		for _, p := range s.periods {
			if err := subscriptions.write(1, appendSubscription(nil, s, p)); err != nil {
				return nil, nil, err
			}
		}
	}
	return stores, subscriptions, nil
}

// abandon closes what is still open, when a generation has failed; after
// finish it does nothing.
func (t *writer) abandon() {
	for _, f := range []*file{t.users, t.stock.out, t.orders, t.items, t.events.current} {
		if f != nil {
			f.disk.Close()
		}
	}
}
