package collect

import (
	"encoding/json"
	"strconv"

	"github.com/tiendi/tiendi/internal/event"
)

// maxBatchContext is how much of a batch's context is kept with each message of it
// that is refused: a batch may have thousands of them.
const maxBatchContext = 4 << 10

// batch is what a message of Segment's /v1/batch says in its batch alone.
type batch struct {
	SentAt  string `json:"sent_at"`
	Context string `json:"context"` // JSON, or ""
	Cut     bool   `json:"cut"`     // there was more of it than is kept
}

func newBatch(e *envelope) *batch {
	context := string(anonymiseRaw(e.Context))
	if len(context)+len(e.SentAt) > maxBatchContext {
		return &batch{Cut: true}
	}
	return &batch{SentAt: e.SentAt, Context: context}
}

func (b *batch) envelope() *envelope {
	return &envelope{SentAt: b.SentAt, Context: json.RawMessage(b.Context)}
}

func (b *batch) appendJSON(dst []byte) []byte {
	dst = event.AppendString(append(dst, `{"sent_at":`...), b.SentAt)
	dst = event.AppendString(append(dst, `,"context":`...), b.Context)
	return append(strconv.AppendBool(append(dst, `,"cut":`...), b.Cut), '}')
}
