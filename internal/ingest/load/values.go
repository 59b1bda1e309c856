package load

// Reasons why a value does not fit. They are few and constant, so that rejects
// can be counted by them.
const (
	reasonMissing   = "missing"
	reasonUUID      = "not a UUID"
	reasonTime      = "not a time"
	reasonYear      = "year out of range"
	reasonNumber    = "not a number"
	reasonRange     = "number out of range"
	reasonDecimals  = "too many decimals"
	reasonWant      = "wrong JSON type"
	reasonUTF8      = "invalid UTF-8"
	reasonJSON      = "not valid JSON"
	reasonDuplicate = "key given twice"
	reasonColumns   = "wrong number of columns"
	reasonQuote     = "wrong quotes"
	reasonLong      = "line too long"
	reasonType      = "unknown event type"
	reasonFuture    = "timestamp in the future"
	reasonDevice    = "unknown device type"
)
