package cdc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pglogrepl"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/change"
)

const (
	// linger is how long changes wait for others to share a batch with: each message costs
	// the log something, however little is in it. A fifth of it costs RabbitMQ half as much
	// processor again for a change.
	linger = 100 * time.Millisecond
	// statusEvery is how often PostgreSQL hears how far the log has confirmed, and
	// saveEvery how often that is saved although it stands still.
	statusEvery = time.Second
	saveEvery   = 10 * time.Second
	// askEvery is how often PostgreSQL is asked how far it is, where a run has an end.
	askEvery = 100 * time.Millisecond
	// drainTimeout bounds the wait for confirmations once the work is to end.
	drainTimeout = 10 * time.Second
)

// replication reads PostgreSQL's log.
type replication struct {
	*session
	wire    *pgconn.PgConn
	decoder *decoder
	packer  *packer
	track   *tracker
	queue   queue
	altered []alteration
	before  pglogrepl.LSN // what the batch that is begun holds back to
	end     pglogrepl.LSN // where to stop, 0 for never

	waiting  time.Time // since when changes wait in packer or queue, zero for none
	reported time.Time // when PostgreSQL was told
	saved    time.Time
	walEnd   pglogrepl.LSN // where the server is
	told     pglogrepl.LSN // what is saved, and PostgreSQL may know
	latest   time.Time     // commit of the transaction read last

	counters map[counted]prometheus.Counter
	keys     [][]byte // of the row at hand
}

// counted is what a counter is of.
type counted struct {
	relation *change.Relation
	op       change.Op
}

// alteration is a table's new description, which holds from a transaction on.
type alteration struct {
	name    TableName
	columns []change.Column
	at      pglogrepl.LSN
}

// replicate sends changes until the context ends, or the position end is confirmed.
func (s *session) replicate(ctx context.Context, end pglogrepl.LSN) error {
	r := &replication{session: s, end: end, counters: map[counted]prometheus.Counter{}}
	known := map[TableName][]change.Column{}
	var from pglogrepl.LSN
	s.keeper.look(func(st *state) {
		from = st.Confirmed
		for _, t := range s.tables {
			known[t.TableName] = st.Tables[t.String()].Columns
		}
	})
	r.decoder = newDecoder(known, s.accepts)
	r.decoder.emit, r.decoder.described = r.emit, r.described
	r.track, r.told = newTracker(s.Partitions, from), from
	r.packer = newPacker(s.out)
	r.packer.room = func(n int64) error { return r.room(ctx, n) }
	r.packer.opened = func(partition int) func() { return r.track.hold(partition, r.before) }
	if err := r.connect(ctx, from); err != nil {
		return err
	}
	defer endReplication(r.wire)
	s.ready(nil)
	if end == 0 {
		s.Say("mirroring", "slot", s.Slot, "from", from)
	}
	err := r.read(ctx)
	if ctx.Err() != nil || err == nil {
		return errors.Join(r.drain(ctx), context.Cause(ctx))
	}
	return s.db.explain(err)
}

func (r *replication) connect(ctx context.Context, from pglogrepl.LSN) (err error) {
	if r.wire, err = r.db.replicate(ctx); err != nil {
		return err
	}
	err = pglogrepl.StartReplication(ctx, r.wire, quoteName(r.Slot), from, pglogrepl.StartReplicationOptions{
		Mode:       pglogrepl.LogicalReplication,
		PluginArgs: []string{"proto_version '1'", "publication_names " + quoteText(quoteName(r.Publication))},
	})
	if err == nil {
		return nil
	}
	endReplication(r.wire)
	switch code(err) {
	case "55006":
		return r.db.explain(fmt.Errorf("%w: %w", errBusy, err))
	case "55000", "58P01":
		return lost("the slot %s cannot be read any more: %w", r.Slot, err)
	}
	return r.db.explain(err)
}

// read takes messages until there is an error, the end is reached (nil), or the context
// ends.
func (r *replication) read(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = r.wire.Conn().SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	for n := 0; ; n++ {
		if n%unpaused == 0 {
			if err := r.pause(ctx); err != nil || r.finished() {
				return err
			}
		}
		message, err := r.wire.Frontend().Receive()
		switch {
		case err == nil:
			err = r.take(ctx, message)
		case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() == nil:
			err, n = nil, -1 // what is due is done before the next one
		}
		if err != nil {
			return err
		}
	}
}

// unpaused is how many messages are taken at most before a pause: the network may always
// be ahead of us.
const unpaused = 64

// pause does what is due, and sets when the next wait for the network ends.
func (r *replication) pause(ctx context.Context) error {
	now := r.Clock()
	if !r.waiting.IsZero() && now.Sub(r.waiting) >= linger {
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	if err := r.tick(ctx); err != nil {
		return err
	}
	wait := statusEvery
	if r.end > 0 {
		wait = askEvery
	}
	if !r.waiting.IsZero() {
		wait = linger
	}
	if err := r.wire.Conn().SetReadDeadline(now.Add(wait)); err != nil {
		return err
	}
	return ctx.Err() // its end may have set a deadline just before
}

// finished says whether all up to the end is confirmed and saved.
func (r *replication) finished() bool {
	return r.end > 0 && r.waiting.IsZero() && r.track.safe() >= r.end
}

// take handles one message of the server.
func (r *replication) take(ctx context.Context, message pgproto3.BackendMessage) error {
	switch m := message.(type) {
	case *pgproto3.CopyData:
		return r.data(ctx, m.Data)
	case *pgproto3.ErrorResponse:
		return pgconn.ErrorResponseToPgError(m)
	case *pgproto3.CopyDone:
		return &pgconn.PgError{Severity: "FATAL", Code: "57P01", Message: "the server has ended the replication"}
	}
	return nil
}

func (r *replication) data(ctx context.Context, data []byte) error {
	if len(data) == 0 {
		return errMessage
	}
	switch data[0] {
	case pglogrepl.PrimaryKeepaliveMessageByteID:
		m, err := pglogrepl.ParsePrimaryKeepaliveMessage(data[1:])
		if err != nil {
			return err
		}
		// What comes before this place has come, as far as it concerns the slot. So a slot
		// of tables that never change does not keep the log of those that do.
		r.walEnd = max(r.walEnd, m.ServerWALEnd)
		if !r.decoder.begun {
			r.track.receive(m.ServerWALEnd)
		}
		if m.ReplyRequested {
			return r.report(false)
		}
	case pglogrepl.XLogDataByteID:
		m, err := pglogrepl.ParseXLogData(data[1:])
		if err != nil {
			return err
		}
		r.walEnd = max(r.walEnd, m.ServerWALEnd)
		err = r.decoder.message(m.WALData)
		if err == nil && r.queue.full() {
			err = r.unqueue(ctx)
		}
		if err == nil && len(m.WALData) > 0 && m.WALData[0] == 'C' {
			r.latest = r.decoder.committed
			r.track.receive(r.decoder.end)
		}
		return err
	}
	return nil
}
