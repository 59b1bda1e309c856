package event

// Type is the name of an event type as it stands in event_type.
type Type string

// Web events are sent by the shop in the visitor's browser. Only these make
// sessions, views and active users.
const (
	PageView          Type = "page_view"
	StoreVisited      Type = "store_visited"
	ProductViewed     Type = "product_viewed"
	ProductClick      Type = "product_click"
	SearchPerformed   Type = "search_performed"
	AddToCart         Type = "add_to_cart"
	RemoveFromCart    Type = "remove_from_cart"
	CheckoutStarted   Type = "checkout_started"
	PurchaseCompleted Type = "purchase_completed"
)

// Server events are sent by the platform's own services. They carry what a
// server knows of the request and never make or touch a session.
const (
	PaymentSucceeded Type = "payment_succeeded"
	PaymentFailed    Type = "payment_failed"
	UserSignedUp     Type = "user_signed_up"
	StoreCreated     Type = "store_created"
	APIRequest       Type = "api_request"
	HealthProbe      Type = "health_probe"
)

// WebTypes returns the types of the visitor's browser, in the order of the
// funnel.
func WebTypes() []Type {
	return []Type{
		PageView, StoreVisited, ProductViewed, ProductClick, SearchPerformed,
		AddToCart, RemoveFromCart, CheckoutStarted, PurchaseCompleted,
	}
}

// ServerTypes returns the types that the platform's services send.
func ServerTypes() []Type {
	return []Type{
		PaymentSucceeded, PaymentFailed, UserSignedUp, StoreCreated,
		APIRequest, HealthProbe,
	}
}

// Types returns every known type: the web types, then the server types.
func Types() []Type {
	return append(WebTypes(), ServerTypes()...)
}

// Web says whether events of this type count towards sessions and views.
func (t Type) Web() bool {
	switch t {
	case PageView, StoreVisited, ProductViewed, ProductClick, SearchPerformed,
		AddToCart, RemoveFromCart, CheckoutStarted, PurchaseCompleted:
		return true
	}
	return false
}

// Known says whether the contract has this type.
func (t Type) Known() bool {
	switch t {
	case PaymentSucceeded, PaymentFailed, UserSignedUp, StoreCreated,
		APIRequest, HealthProbe:
		return true
	}
	return t.Web()
}
