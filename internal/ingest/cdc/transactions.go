package cdc

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// transactions says which are over, as PostgreSQL's pg_snapshot does. Ids are the lower
// 32 bits: those of a moment lie within 2³¹ of each other.
type transactions struct {
	next    uint32 // none from here on is over
	running map[uint32]bool
}

// includes says whether a transaction is not over.
func (t *transactions) includes(xid uint32) bool {
	return int32(xid-t.next) >= 0 || t.running[xid]
}

func runningTransactions(ctx context.Context, conn *pgx.Conn) (*transactions, error) {
	var text string
	if err := conn.QueryRow(ctx, "SELECT pg_current_snapshot()::text").Scan(&text); err != nil {
		return nil, err
	}
	return parseSnapshot(text)
}

// parseSnapshot reads a pg_snapshot, xmin:xmax:xip,….
func parseSnapshot(text string) (*transactions, error) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return nil, fmt.Errorf("%q is no pg_snapshot", text)
	}
	next, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%q is no pg_snapshot: %w", text, err)
	}
	t := &transactions{next: uint32(next), running: map[uint32]bool{}}
	for one := range strings.SplitSeq(parts[2], ",") {
		if one == "" {
			continue
		}
		xid, err := strconv.ParseUint(one, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no pg_snapshot: %w", text, err)
		}
		t.running[uint32(xid)] = true
	}
	return t, nil
}

// unseen are transactions that are over by what the log says, and not yet for who asks.
func unseen(byLog, now *transactions) []uint32 {
	var xids []uint32
	for xid := range now.running {
		if !byLog.includes(xid) {
			xids = append(xids, xid)
		}
	}
	for xid := now.next; int32(byLog.next-xid) > 0; xid++ {
		if !byLog.includes(xid) {
			xids = append(xids, xid)
		}
	}
	return xids
}
