package collect

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// message is one call of Segment's libraries, as far as it is read.
type message struct {
	Type              string          `json:"type"`
	MessageID         string          `json:"messageId"`
	AnonymousID       string          `json:"anonymousId"`
	UserID            string          `json:"userId"`
	Event             string          `json:"event"`
	Name              string          `json:"name"`
	Category          string          `json:"category"`
	Properties        json.RawMessage `json:"properties"`
	Traits            traits          `json:"traits"`
	Context           messageContext  `json:"context"`
	Timestamp         string          `json:"timestamp"`
	OriginalTimestamp string          `json:"originalTimestamp"`
	SentAt            string          `json:"sentAt"`
}

// traits are those that make a sign-up of an identify call.
type traits struct {
	SignedUp  bool   `json:"signed_up"`
	CreatedAt string `json:"createdAt"`
	Method    string `json:"method"`
}

type messageContext struct {
	IP        string `json:"ip"`
	UserAgent string `json:"userAgent"`
	Page      struct {
		URL      string `json:"url"`
		Referrer string `json:"referrer"`
	} `json:"page"`
	OS struct {
		Name string `json:"name"`
	} `json:"os"`
	Device struct {
		Type string `json:"type"`
	} `json:"device"`
}

// messageSpace is the name space of ids that are no UUIDs.
var messageSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://tiendi.example/ids"))

// idOf is the UUID that the text is, or always the same one that stands for it.
func idOf(text string) event.ID {
	if id, err := event.ParseID([]byte(text)); err == nil {
		return id
	}
	return event.ID(uuid.NewSHA1(messageSpace, []byte(text)))
}

// eventNames are those of Segment's specification that the contract calls
// otherwise.
var eventNames = map[string]event.Type{
	"product_added":     event.AddToCart,
	"product_removed":   event.RemoveFromCart,
	"product_clicked":   event.ProductClick,
	"products_searched": event.SearchPerformed,
	"order_completed":   event.PurchaseCompleted,
	"signed_up":         event.UserSignedUp,
}

// eventType is the type of a track call: its name in snake_case.
func eventType(name string) event.Type {
	snake := snakeCase(name)
	if known, ok := eventNames[snake]; ok {
		return known
	}
	return event.Type(snake)
}

// snakeCase writes "Product Viewed", "productViewed" and "product-viewed" as
// product_viewed.
func snakeCase(name string) string {
	var b strings.Builder
	var before rune // of the word, 0 between words
	gap := false
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap, before = b.Len() > 0, 0
			continue
		}
		if gap || unicode.IsUpper(r) && before != 0 && !unicode.IsUpper(before) {
			b.WriteByte('_')
		}
		gap, before = false, r
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// happened is the time of the call with the sender's clock corrected, as the text
// that it is where there is nothing to correct it by.
func (m *message) happened(now time.Time) string {
	original := cmp.Or(m.OriginalTimestamp, m.Timestamp)
	if original == "" {
		return string(event.AppendTime(nil, now))
	}
	at, err := time.Parse(time.RFC3339Nano, original)
	sent, sentErr := time.Parse(time.RFC3339Nano, m.SentAt)
	if err != nil || sentErr != nil || sent.Before(at) {
		return original
	}
	return string(event.AppendTime(nil, event.Happened(at, sent, now)))
}

// session is the browser's: Segment's anonymousId, or the user where there is none.
func (m *message) session() string {
	switch {
	case m.AnonymousID != "":
		return idOf(m.AnonymousID).String()
	case m.UserID != "":
		return idOf(m.UserID).String()
	}
	return ""
}
