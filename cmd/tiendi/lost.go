package main

import (
	"context"
	"errors"

	"github.com/tiendi/tiendi/internal/local"
)

// errLost: a new start finds the local services at another address.
var errLost = errors.New("the local services have ended; what was taken is kept, and goes on when this command is started again")

// dependence is of a long-lived command on the local services that it has leases of.
type dependence struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// untilLost begins a context that ends when the services of a lease are gone that is
// given to on.
func untilLost(ctx context.Context) *dependence {
	ctx, cancel := context.WithCancelCause(ctx)
	return &dependence{ctx, cancel}
}

// on depends on the services of a lease; one that is nil is of nothing.
func (d *dependence) on(lease *local.Lease) {
	if lease == nil {
		return
	}
	go func() {
		select {
		case <-lease.Lost():
			d.cancel(errLost)
		case <-d.ctx.Done():
		}
	}()
}

// lost is errLost if that is what has ended the context.
func (d *dependence) lost() error {
	if err := context.Cause(d.ctx); errors.Is(err, errLost) {
		return err
	}
	return nil
}

// stop ends the context.
func (d *dependence) stop() { d.cancel(nil) }
