// Package notify sends reports to their readers, each once: nobody else sends the same at
// the same time, and what was sent stands in the journal of the warehouse, where a run on
// any host finds it.
package notify

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/report/delivery"
)

const job = "report"

// Options is what is sent, and how.
type Options struct {
	Kind  report.Kind
	Start time.Time // of the reports' period
	// Cooldown is so many days before and after the period in which nothing is sent that was
	// sent: of alerts, whose ids are the same on each day. 0 of reports.
	Cooldown int
	Journal  *journal.Journal
	Dir      string // for the lock file
	Logger   *slog.Logger
	Delivery delivery.Options // Ledger is the journal
}

// scope names the reports of a kind and of the period that begins so many days after Start.
func (o *Options) scope(days int) string {
	return string(o.Kind) + " " + o.Start.AddDate(0, 0, days).Format(time.DateOnly)
}

func (o *Options) ledger() *ledger {
	l := &ledger{journal: o.Journal, scope: o.scope(0)}
	for days := -o.Cooldown; days <= o.Cooldown; days++ {
		l.scopes = append(l.scopes, o.scope(days))
	}
	return l
}

// Run sends what was not sent before.
func Run(ctx context.Context, plans iter.Seq2[delivery.Plan, error], o Options) (delivery.Result, error) {
	if err := o.Journal.Open(ctx); err != nil {
		return delivery.Result{}, err
	}
	l := o.ledger()
	leased, claim, err := o.Journal.Claim(ctx, o.claim(l))
	if err != nil {
		return delivery.Result{}, err
	}
	defer claim.Release(ctx)
	o.Delivery.Ledger = l
	result, err := delivery.Run(leased, plans, o.Delivery)
	end := l.entry("", journal.Done)
	if err != nil || len(result.Failed) > 0 {
		end.State, end.Message = journal.Failed, fmt.Sprintf("%d sent, %d not", result.Sent, len(result.Failed)+result.Untried)
	}
	ended, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if noted := o.Journal.Add(ended, end); err == nil {
		err = noted
	}
	return result, err
}

// Sent gives the ids of what was sent of a kind and period, and within its cooldown.
func Sent(ctx context.Context, o Options) (map[string]bool, error) {
	return o.ledger().Sent(ctx)
}

// claim keeps others from sending the same reports.
func (o *Options) claim(l *ledger) journal.ClaimOptions {
	return journal.ClaimOptions{
		Job: job, Dir: o.Dir, Logger: o.Logger,
		Conflicts: func(e journal.Entry) string {
			if !slices.Contains(l.scopes, e.Scope) {
				return ""
			}
			return fmt.Sprintf("these reports (%s) are being sent already (%s)\n  wait for it to end, or end it: its claim goes with it, on another host after a minute", e.Scope, e.Describe())
		},
		Begin: func(lease string) journal.Entry {
			l.run = lease
			return l.entry("", journal.Running)
		},
	}
}

// ledger is the journal as a delivery reads and writes it: a step a message.
type ledger struct {
	journal    *journal.Journal
	scope, run string
	scopes     []string // that are read
}

func (l *ledger) entry(step string, state journal.State) journal.Entry {
	return journal.Entry{Job: job, Scope: l.scope, Run: l.run, Lease: l.run, Step: step, State: state}
}

// Sent implements delivery.Ledger.
func (l *ledger) Sent(ctx context.Context) (map[string]bool, error) {
	sent := map[string]bool{}
	for _, scope := range l.scopes {
		entries, err := l.journal.Scope(ctx, job, scope)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			sent[e.Step] = sent[e.Step] || e.State == journal.Done
		}
	}
	return sent, nil
}

// Note implements delivery.Ledger.
func (l *ledger) Note(ctx context.Context, ids []string) error {
	entries := make([]journal.Entry, len(ids))
	for i, id := range ids {
		entries[i] = l.entry(id, journal.Done)
	}
	return l.journal.Add(ctx, entries...)
}
