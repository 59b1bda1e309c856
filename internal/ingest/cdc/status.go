package cdc

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pglogrepl"
	"github.com/jackc/pgx/v5"
)

// Status is what can be known of a mirroring from outside. Bytes are those of
// PostgreSQL's log.
type Status struct {
	Slot        string `json:"slot"`
	Publication string `json:"publication"`
	Exists      bool   `json:"exists"`     // the slot
	Active      bool   `json:"active"`     // somebody reads it
	WALStatus   string `json:"wal_status"` // reserved, extended, unreserved, lost
	Confirmed   string `json:"confirmed_lsn"`
	Current     string `json:"current_lsn"`
	// LagBytes are not confirmed yet, and KeptBytes lie on PostgreSQL's disk because of
	// the slot.
	LagBytes  int64 `json:"lag_bytes"`
	KeptBytes int64 `json:"kept_bytes"`
	// LagSeconds is the time since which changes may be missing in the log.
	LagSeconds float64 `json:"lag_seconds"`
	// LimitBytes is max_slot_wal_keep_size, -1 for none, and LeftBytes what may be
	// written until the slot is lost, -1 where it never is.
	LimitBytes int64 `json:"limit_bytes"`
	LeftBytes  int64 `json:"left_bytes"`
	// FreeBytes is the free space of PostgreSQL's disk, -1 where it cannot be seen from
	// here.
	FreeBytes int64           `json:"free_bytes"`
	Tables    []TableProgress `json:"tables"`
	// Lost says that changes are gone: why, and what to do. Warnings want something done
	// before it comes to that.
	Lost     string   `json:"lost,omitempty"`
	Warnings []string `json:"warnings"`
}

// ReadStatus asks the source database and the checkpoints.
func ReadStatus(ctx context.Context, o Options) (*Status, error) {
	if _, err := o.settle(); err != nil {
		return nil, err
	}
	db, err := openDatabase(o.URL)
	if err != nil {
		return nil, err
	}
	conn, err := db.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer closeConn(conn)
	known, _, err := readState(ctx, o.State, o.Slot)
	if err != nil {
		return nil, err
	}
	slot, err := readSlot(ctx, conn, o.Slot)
	if err != nil {
		return nil, db.explain(err)
	}
	s := &Status{Slot: o.Slot, Publication: o.Publication, Tables: known.progress(), LeftBytes: -1, FreeBytes: -1, Warnings: []string{}}
	if err := s.position(ctx, conn, slot, known, o.Clock()); err != nil {
		return nil, db.explain(err)
	}
	s.FreeBytes = freeDisk(ctx, conn, db.config.Host)
	s.judge(slot, known)
	return s, nil
}

func (s *Status) position(ctx context.Context, conn *pgx.Conn, slot slotInfo, known *state, now time.Time) error {
	const query = `SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text,
		(SELECT CASE WHEN setting = '-1' THEN -1 ELSE setting::int8 * 1048576 END FROM pg_settings WHERE name = 'max_slot_wal_keep_size')`
	if err := conn.QueryRow(ctx, query).Scan(&s.Current, &s.LimitBytes); err != nil {
		return err
	}
	current, err := pglogrepl.ParseLSN(s.Current)
	if err != nil || !slot.found {
		return err
	}
	s.Exists, s.Active, s.WALStatus, s.Confirmed = true, slot.active, slot.status, slot.confirmed.String()
	s.LagBytes = distance(current, slot.confirmed)
	if slot.oldest > 0 {
		s.KeptBytes = distance(current, slot.oldest)
	}
	if slot.safe != nil {
		s.LeftBytes = *slot.safe
	}
	if known != nil && !known.Caught.IsZero() && s.LagBytes > 0 {
		s.LagSeconds = max(0, now.Sub(known.Caught).Seconds())
	}
	return nil
}

// distance is never negative: places may be asked for in any order.
func distance(to, from pglogrepl.LSN) int64 {
	if to < from {
		return 0
	}
	return int64(to - from)
}

// freeDisk is what PostgreSQL's disk has left, if that is this host's.
func freeDisk(ctx context.Context, conn *pgx.Conn, host string) int64 {
	if ip := net.ParseIP(host); host != "localhost" && !filepath.IsAbs(host) && (ip == nil || !ip.IsLoopback()) {
		return -1
	}
	var dir string
	var stat syscall.Statfs_t
	// Who is not told, or sees no such folder, does not know.
	if err := conn.QueryRow(ctx, "SELECT current_setting('data_directory')").Scan(&dir); err != nil || syscall.Statfs(dir, &stat) != nil {
		return -1
	}
	return int64(stat.Bavail) * int64(stat.Bsize)
}

// What of log an idle slot may keep without anybody being told.
const muchKept = 1 << 30

// judge says what is wrong, and what will be.
func (s *Status) judge(slot slotInfo, known *state) {
	warn := func(format string, args ...any) { s.Warnings = append(s.Warnings, fmt.Sprintf(format, args...)) }
	switch {
	case known == nil || known.Creating:
		if slot.found {
			warn("the slot is there, and nothing is known of what was read of it; tiendi cdc drop removes it")
		}
		return
	case !slot.found:
		s.Lost = "the slot was removed: take a new snapshot by tiendi cdc --snapshot"
		return
	case slot.status == "lost":
		s.Lost = "the slot is invalidated, and PostgreSQL has removed log that was not read: take a new snapshot by tiendi cdc --snapshot"
		return
	case slot.confirmed > known.Confirmed:
		s.Lost = fmt.Sprintf("the slot was moved beyond %s, which is all that was read: take a new snapshot by tiendi cdc --snapshot", known.Confirmed)
		return
	case slot.status == "unreserved":
		warn("PostgreSQL may remove log at its next checkpoint that was not read: start tiendi cdc now")
	case s.LeftBytes >= 0 && s.LimitBytes > 0 && s.LeftBytes < s.LimitBytes/4:
		warn("%d MiB of log until PostgreSQL gives the slot up (max_slot_wal_keep_size)", s.LeftBytes>>20)
	case s.LimitBytes < 0 && s.FreeBytes >= 0 && s.KeptBytes > s.FreeBytes/2:
		warn("the slot keeps %d MiB of log and %d MiB of disk are free: when it is full the shop stops; start tiendi cdc, or remove the slot by tiendi cdc drop", s.KeptBytes>>20, s.FreeBytes>>20)
	case s.LimitBytes < 0 && s.KeptBytes > muchKept:
		warn("the slot keeps %d MiB of log, and nothing bounds it (max_slot_wal_keep_size = -1)", s.KeptBytes>>20)
	}
	if !slot.active && known.snapshotted() {
		warn("nobody reads the slot: PostgreSQL keeps its log until tiendi cdc runs")
	}
}
