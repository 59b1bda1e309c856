package main

import (
	"iter"
	"slices"

	"github.com/tiendi/tiendi/internal/report/delivery"
)

// deliveryHeaders are the columns of what --send prints.
var deliveryHeaders = []string{"state", "channel", "to", "store_id", "language", "subject", "message"}

func deliveryRow(m *delivery.Message, state, message string) []any {
	store := ""
	if m.Document.Store != nil {
		store = m.Document.Store.ID
	}
	return []any{state, string(m.Channel), m.To, store, string(m.Language), m.Subject(), message}
}

// dryRows lists who would get what.
func dryRows(plans iter.Seq2[delivery.Plan, error], before map[string]bool) (*typedRows, error) {
	sending, left := &typedRows{headers: deliveryHeaders}, &typedRows{}
	for plan, err := range plans {
		if err != nil {
			return nil, err
		}
		for i := range plan.Messages {
			state := "to send"
			if plan.Messages[i].Due(before) == nil {
				state = "sent before"
			}
			sending.rows = append(sending.rows, deliveryRow(&plan.Messages[i], state, ""))
		}
		for i := range plan.Left {
			left.rows = append(left.rows, deliveryRow(&plan.Left[i].Message, "left out", string(plan.Left[i].Why)))
		}
	}
	sending.rows = append(sending.rows, left.rows...)
	return sending, nil
}

// failedRows lists what was not taken.
func failedRows(result delivery.Result) *typedRows {
	slices.SortFunc(result.Failed, func(a, b delivery.Failed) int {
		return slices.Compare([]string{a.To, a.ID}, []string{b.To, b.ID})
	})
	t := &typedRows{headers: deliveryHeaders}
	for _, f := range result.Failed {
		t.rows = append(t.rows, deliveryRow(f.Message, "failed", f.Err.Error()))
	}
	return t
}
