package collect

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
)

// draft is the event that a message becomes, as JSON that is then parsed like
// any other.
type draft struct {
	ID         string          `json:"event_id,omitempty"`
	Type       event.Type      `json:"event_type"`
	Timestamp  string          `json:"timestamp"`
	Session    string          `json:"session_id,omitempty"`
	User       string          `json:"user_id,omitempty"`
	Context    draftContext    `json:"context"`
	Properties json.RawMessage `json:"properties"`
}

type draftContext struct {
	IP        string       `json:"ip,omitempty"`
	UserAgent string       `json:"user_agent,omitempty"`
	Referrer  string       `json:"referrer,omitempty"`
	PageURL   string       `json:"page_url,omitempty"`
	Device    event.Device `json:"device_type,omitempty"`
	OS        string       `json:"os,omitempty"`
	Browser   string       `json:"browser,omitempty"`
}

// judges say what a message does not: which types web events have, and what a user
// agent means.
type judges struct {
	web   func(event.Type) bool
	agent func(text string) enrich.Agent
}

// mapped makes an event of a message. ok is false for a message that carries none.
func (m *message) mapped(raw []byte, by judges, from *event.Origin, now time.Time) (d draft, ok bool) {
	switch m.Type {
	case "track":
		d.Type, d.Properties = eventType(m.Event), m.Properties
	case "page":
		d.Type, d.Properties = event.PageView, m.pageProperties()
	case "identify":
		return m.signUp(now)
	default:
		d.Type, d.Properties = event.Type(m.Type), m.Properties // there is no such type
	}
	if len(d.Properties) == 0 || string(d.Properties) == "null" {
		d.Properties = json.RawMessage("{}")
	}
	d.Properties = renamed(d.Type, d.Properties)
	d.Timestamp, d.Session = m.happened(now), m.session()
	switch {
	case m.MessageID != "":
		d.ID = idOf(m.MessageID).String()
	case from.IdempotencyKey == "" && from.EventID.IsZero():
		// Not of the event, whose timestamp changes when it is sent again.
		d.ID = idOf(string(raw)).String()
	}
	if m.UserID != "" {
		d.User = idOf(m.UserID).String()
	}
	d.Context = m.context(by, d.Type, from)
	return d, true
}

// context fills what web events must have and libraries do not send.
func (m *message) context(by judges, typ event.Type, from *event.Origin) draftContext {
	c := draftContext{IP: m.Context.IP, UserAgent: m.Context.UserAgent, Referrer: m.Context.Page.Referrer, PageURL: m.Context.Page.URL}
	if c.PageURL == "" {
		c.PageURL = member(m.Properties, "url")
	}
	if !by.web(typ) && c.UserAgent == "" {
		return c
	}
	a := by.agent(cmp.Or(c.UserAgent, from.UserAgent))
	c.OS, c.Browser, c.Device = cmp.Or(m.Context.OS.Name, a.OS), a.Browser, a.Device
	switch strings.ToLower(m.Context.Device.Type) {
	case "mobile", "ios", "android":
		c.Device = event.Mobile
	case "tablet":
		c.Device = event.Tablet
	case "desktop":
		c.Device = event.Desktop
	}
	return c
}

// signUp is what an identify call becomes whose traits say signed_up: true. The
// id is the user's own, so that a user signs up once however often it is sent.
func (m *message) signUp(now time.Time) (d draft, ok bool) {
	if !m.Traits.SignedUp || m.UserID == "" {
		return d, false
	}
	user := idOf(m.UserID).String()
	d = draft{
		ID: idOf("signed_up " + user).String(), Type: event.UserSignedUp, User: user,
		Timestamp: cmp.Or(m.Traits.CreatedAt, m.happened(now)), Properties: json.RawMessage("{}"),
	}
	if m.Traits.Method != "" {
		d.Properties = append(event.AppendString([]byte(`{"method":`), m.Traits.Method), '}')
	}
	return d, true
}

// pageProperties are the page's, with its name for its kind.
func (m *message) pageProperties() json.RawMessage {
	return added(m.Properties, map[string]json.RawMessage{"page_type": jsonText(cmp.Or(m.Name, m.Category))})
}

// propertyNames are those of Segment's specification that the contract calls
// otherwise, by type: ours, then Segment's.
var propertyNames = map[event.Type]map[string]string{
	event.ProductViewed:     {"product_name": "name", "product_price": "price", "product_category": "category"},
	event.PurchaseCompleted: {"items": "products", "delivery_fee": "shipping"},
	event.CheckoutStarted:   {"items": "products", "subtotal": "value"},
}

// renamed adds properties under the contract's names, where they are missing.
func renamed(typ event.Type, properties json.RawMessage) json.RawMessage {
	names := propertyNames[typ]
	if len(names) == 0 {
		return properties
	}
	more := map[string]json.RawMessage{}
	for ours, theirs := range names {
		more[ours] = rawMember(properties, theirs)
	}
	return added(properties, more)
}

// added puts members into an object that it does not have. What is no object
// stays as it is, for the schema to refuse.
func added(object json.RawMessage, more map[string]json.RawMessage) json.RawMessage {
	if len(object) == 0 || string(object) == "null" {
		object = json.RawMessage("{}")
	}
	has := map[string]json.RawMessage{}
	if json.Unmarshal(object, &has) != nil {
		return object
	}
	grown := false
	for key, value := range more {
		if _, there := has[key]; !there && len(value) > 0 {
			has[key], grown = value, true
		}
	}
	if !grown {
		return object
	}
	text, err := encoded(has)
	if err != nil {
		return object
	}
	return text
}

// encoded is JSON that leaves <, > and & as they are.
func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func rawMember(object json.RawMessage, key string) json.RawMessage {
	var has map[string]json.RawMessage
	if json.Unmarshal(object, &has) != nil {
		return nil
	}
	return has[key]
}

func member(object json.RawMessage, key string) (text string) {
	if json.Unmarshal(rawMember(object, key), &text) != nil {
		return ""
	}
	return text
}

func jsonText(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return event.AppendString(nil, text)
}
