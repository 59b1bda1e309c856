package profile

import (
	"fmt"
	"strconv"
)

// Metabase says which dashboards of a Metabase administrators read in tiendi's. Without a
// URL there are none.
type Metabase struct {
	URL        string         // where browsers reach it
	Secret     Secret         // its embedding secret key
	Dashboards map[string]int // ids by name
}

// numbers takes a mapping of names to whole numbers above 0.
func (v value) numbers(to *map[string]int) error {
	var texts map[string]any
	if err := v.settings(&texts); err != nil {
		return err
	}
	out := map[string]int{}
	for name, one := range texts {
		n, err := strconv.Atoi(fmt.Sprint(one))
		if err != nil || n < 1 {
			return fmt.Errorf("has %s, which must be a whole number above 0", name)
		}
		out[name] = n
	}
	*to = out
	return nil
}
