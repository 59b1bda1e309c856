package cdc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/change"
)

// relation takes a table's description, which comes before its first change and again
// after it was altered.
func (d *decoder) relation(oid uint32, rel *relation) error {
	d.relations[oid] = rel
	known, wanted := d.known[rel.name]
	if rel.wanted = wanted; !wanted {
		return nil
	}
	if err := rel.settleKey(known); err != nil {
		return err
	}
	if slices.Equal(known, rel.Columns) {
		return nil
	}
	if gone, retyped := compare(known, rel.Columns); len(gone)+len(retyped) > 0 && !d.accept(rel.name) {
		return refused(rel.name, gone, retyped)
	}
	d.known[rel.name] = rel.Columns
	d.described(rel.name, rel.Columns, d.commit)
	return nil
}

// settleKey makes Key say what is part of the primary key, and refuses another key than
// before: partitions and rows in the warehouse go by it.
func (rel *relation) settleKey(known []change.Column) error {
	var before, now []string
	for _, c := range known {
		if c.Key {
			before = append(before, c.Name)
		}
	}
	for i, c := range rel.Columns {
		if rel.identity == 'f' { // the whole row, which is no key
			c.Key = slices.Contains(before, c.Name)
			rel.Columns[i].Key = c.Key
		}
		if c.Key {
			now = append(now, c.Name)
		}
	}
	slices.Sort(before)
	slices.Sort(now)
	if slices.Equal(before, now) {
		return nil
	}
	return fmt.Errorf("%s was mirrored by its key (%s), and rows are now known by (%s)\n"+
		"  restore the primary key, and REPLICA IDENTITY DEFAULT or FULL; or, if the key is to be another, begin anew: tiendi cdc --snapshot",
		rel.name, strings.Join(before, ", "), strings.Join(now, ", "))
}

// compare says which columns are gone, and which have another type.
func compare(before, now []change.Column) (gone, retyped []string) {
	for _, b := range before {
		i := slices.IndexFunc(now, func(c change.Column) bool { return c.Name == b.Name })
		switch {
		case i < 0:
			gone = append(gone, b.Name)
		case now[i].Type != b.Type:
			retyped = append(retyped, b.Name)
		}
	}
	return gone, retyped
}

func refused(name TableName, gone, retyped []string) error {
	var what []string
	if len(gone) > 0 {
		what = append(what, strings.Join(gone, ", ")+" dropped or renamed")
	}
	if len(retyped) > 0 {
		what = append(what, strings.Join(retyped, ", ")+" of another type")
	}
	return fmt.Errorf("the columns of %s have changed: %s; the models that read them would go on with wrong values\n"+
		"  mend the models, then go on by tiendi cdc --accept-schema %s; rows of before keep their values until they change, or until tiendi cdc --snapshot",
		name, strings.Join(what, "; "), name)
}
