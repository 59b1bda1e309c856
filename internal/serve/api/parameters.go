package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// parameters are those of the address. One that the endpoint does not know is refused, and
// one that is given twice, unless it is a list: those may be given as often as one likes.
func parameters(r *http.Request, words []string, lists ...string) (url.Values, error) {
	all, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, err.Error())
	}
	for name, values := range all {
		switch {
		case slices.Contains(lists, name):
		case !slices.Contains(words, name):
			return nil, refuse(http.StatusBadRequest, fmt.Sprintf("there is no parameter %.60s: see /openapi.json", name))
		case len(values) > 1:
			return nil, refuse(http.StatusBadRequest, fmt.Sprintf("%s is given %d times", name, len(values)))
		}
	}
	return all, nil
}
