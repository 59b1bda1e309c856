package dashboard

import (
	"cmp"
	"html"
	"net/http"
	"strings"
)

// Look is how the page of one chart looks.
type Look struct {
	Language string // "": es
	Theme    string // "": the reader's
	Title    string
	Currency string // of money, by ISO 4217
}

// Embed answers with the page of one chart, which pages of these origins may have in a
// frame, and no others. It asks the API by the token in its own address.
func Embed(w http.ResponseWriter, look Look, ancestors []string) {
	page := strings.NewReplacer(
		"{language}", html.EscapeString(cmp.Or(look.Language, "es")), "{theme}", html.EscapeString(look.Theme),
		"{title}", html.EscapeString(look.Title), "{currency}", html.EscapeString(look.Currency),
	).Replace(string(load()["embed.html"].plain))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(ancestors, " "), 1))
	_, _ = w.Write([]byte(page)) // nobody is there any more
}
