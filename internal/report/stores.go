package report

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

func table(schema, name string) string {
	return warehouse.Ident(schema) + "." + warehouse.Ident(name)
}

func day(d time.Time) string {
	return "toDate(" + warehouse.Literal(d.Format(time.DateOnly)) + ")"
}

// FindStore finds a store by its id or name, whatever the case.
func FindStore(ctx context.Context, w Warehouse, schema, wanted string) (*Store, error) {
	var found []Store
	err := each(ctx, w, storesQuery(schema, wanted), func(rows *warehouse.Rows) error {
		var store Store
		err := rows.Scan(&store.ID, &store.Name)
		found = append(found, store)
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("find store %q: %w", wanted, err)
	case len(found) == 1:
		return &found[0], nil
	case len(found) > 1:
		ids := make([]string, len(found))
		for i, store := range found {
			ids[i] = store.ID
		}
		return nil, fmt.Errorf("%d stores are called %q: name one by its id: %s", len(found), wanted, strings.Join(ids, ", "))
	}
	var near []string
	err = each(ctx, w, nearStoresQuery(schema, wanted), func(rows *warehouse.Rows) error {
		near = append(near, "")
		return rows.Scan(&near[len(near)-1])
	})
	if err != nil {
		return nil, fmt.Errorf("find store %q: %w", wanted, err)
	}
	return nil, fmt.Errorf("no store has the id or name %q\n  nearest: %s", wanted, strings.Join(near, ", "))
}

func storesQuery(schema, wanted string) string {
	return fmt.Sprintf(`SELECT toString(store_id), name FROM %s
WHERE toString(store_id) = lower(%[2]s) OR lowerUTF8(name) = lowerUTF8(%[2]s)
ORDER BY name, store_id LIMIT 11`, table(schema, "dim_store"), warehouse.Literal(wanted))
}

// nearStoresQuery lists the stores whose names are nearest to what was asked.
func nearStoresQuery(schema, wanted string) string {
	return fmt.Sprintf("SELECT name FROM %s ORDER BY editDistanceUTF8(lowerUTF8(name), lowerUTF8(%s)), name LIMIT 3",
		table(schema, "dim_store"), warehouse.Literal(wanted))
}

// Recipient is a store's vendor.
type Recipient struct {
	Store    Store
	Email    string // "" where it is not known
	Language string // "" where it is not known
}

// ReadRecipients lists the vendors of all stores, or of one.
func ReadRecipients(ctx context.Context, w Warehouse, schema string, only *Store) ([]Recipient, error) {
	query := "SELECT toString(id), name, email, language FROM " + table(schema, "stores")
	if only != nil {
		query += " WHERE id = toUUID(" + warehouse.Literal(only.ID) + ")"
	}
	var list []Recipient
	err := each(ctx, w, query+" ORDER BY id", func(rows *warehouse.Rows) error {
		var r Recipient
		err := rows.Scan(&r.Store.ID, &r.Store.Name, &r.Email, &r.Language)
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the stores' addresses: %w", err)
	}
	return list, nil
}
