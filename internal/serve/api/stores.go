package api

import (
	"bytes"
	"net/http"
	"slices"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/serve/auth"
)

// stores are those whose rows the caller may see of what he asks for: nil for all of them.
func (c *call) stores(asked []string) ([]event.ID, error) {
	all := c.who.May(auth.Platform)
	if len(asked) == 0 {
		if !all && len(c.who.Stores) == 0 {
			return nil, refuse(http.StatusForbidden, "the token names no store")
		}
		if all {
			return nil, nil
		}
		return c.who.Stores, nil
	}
	var ids []event.ID
	for _, text := range asked {
		id, err := c.covered("stores", text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b event.ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids), nil
}

// store is the one that a request is about: the one it names, or the only one of its
// token; all zeros is the platform.
func (c *call) store(named string) (event.ID, error) {
	if named == "" {
		switch {
		case c.who.May(auth.Platform):
			return event.ID{}, nil
		case len(c.who.Stores) == 1:
			return c.who.Stores[0], nil
		}
		return event.ID{}, refuse(http.StatusBadRequest, "say which store: ?store=…")
	}
	return c.covered("store", named)
}

// covered reads the id of a store that the caller may see.
func (c *call) covered(parameter, text string) (event.ID, error) {
	id, err := event.ParseID([]byte(text))
	if err != nil {
		return id, refuse(http.StatusBadRequest, parameter+": "+err.Error())
	}
	if !c.who.Sees(id) {
		return id, refuse(http.StatusForbidden, "the token does not cover the store "+id.String())
	}
	return id, nil
}
