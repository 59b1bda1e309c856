package profile

import (
	"errors"
	"strconv"
)

// Traces says where collector and stream send their spans. Without a URL they make
// none.
type Traces struct {
	URL Secret // of a receiver of OTLP over HTTP; it may hold a password
	// Ratio is how many of the requests are traced, "" where nothing is said: a number
	// from 0 to 1.
	Ratio string
}

// receiver takes the URL of one. What it says of a wrong one repeats nothing of it.
func (v value) receiver(to *Secret) error {
	return v.page((*string)(to), "must be the URL of a receiver of OTLP over HTTP, as http://localhost:4318")
}

// ratio takes a number from 0 to 1.
func (v value) ratio(to *string) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	if n, err := strconv.ParseFloat(text, 64); err != nil || !(n >= 0 && n <= 1) {
		return errors.New("must be a number from 0 to 1")
	}
	*to = text
	return nil
}
