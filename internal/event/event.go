package event

import (
	"encoding/json"
	"time"
)

// BaseEvent is one thing that happened, as it travels from the collector to
// the raw layer. The JSON keys are the contract.
type BaseEvent struct {
	// EventID identifies the event: whoever sends it twice sends the same id.
	EventID ID   `json:"event_id"`
	Type    Type `json:"event_type"`
	// Timestamp is when it happened, in UTC; milliseconds are kept.
	Timestamp time.Time `json:"timestamp"`
	// SessionID is the browser's session; server events have one made for them.
	SessionID ID `json:"session_id"`
	// UserID is zero for anonymous visitors, and is then left out.
	UserID ID `json:"user_id,omitzero"`
	// StoreID is the store_id of Properties, zero where it has none.
	StoreID ID      `json:"-"`
	Context Context `json:"context"`
	// Properties is the JSON object that belongs to Type, kept as it was sent.
	Properties json.RawMessage `json:"properties"`
}

// Context says from where an event was sent. Web events fill all of it but
// Referrer and PageViewID, which are optional; server events fill what a
// server knows, and the rest is left out.
type Context struct {
	IP         string `json:"ip,omitempty"`
	UserAgent  string `json:"user_agent,omitempty"`
	Referrer   string `json:"referrer,omitempty"`
	PageURL    string `json:"page_url,omitempty"`
	DeviceType Device `json:"device_type,omitempty"`
	OS         string `json:"os,omitempty"`
	Browser    string `json:"browser,omitempty"`
	// PageViewID is the same for all events of one page load.
	PageViewID ID `json:"page_view_id,omitzero"`
}

// Device is the class of a visitor's device.
type Device string

// The classes that the contract has.
const (
	Mobile  Device = "mobile"
	Tablet  Device = "tablet"
	Desktop Device = "desktop"
)
