package postgres

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/postgres"
)

// Store is a checkpoint.Store and checkpoint.Members.
type Store struct {
	db  *postgres.DB
	ttl time.Duration
}

// New takes a database that has been migrated. Members that have not beaten for ttl
// are not alive.
func New(db *postgres.DB, ttl time.Duration) *Store { return &Store{db: db, ttl: ttl} }

// Load implements checkpoint.Store.
func (s *Store) Load(ctx context.Context, key string, read func(checkpoint.Checkpoint, io.Reader) error) error {
	err := s.db.Tx(ctx, func(tx pgx.Tx) error { return load(ctx, tx, key, read) })
	if err != nil {
		return fmt.Errorf("checkpoint %q: %w", key, err)
	}
	return nil
}

// load reads head and pieces in one statement, so of one moment.
func load(ctx context.Context, tx pgx.Tx, key string, read func(checkpoint.Checkpoint, io.Reader) error) error {
	const query = `SELECT epoch, version, saved, bytes, sum(octet_length(data)) OVER (), data
		FROM tiendi.checkpoints LEFT JOIN tiendi.checkpoint_chunks USING (key, upload) WHERE key = $1 ORDER BY number`
	rows, err := tx.Query(ctx, query, key)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return cmp.Or(rows.Err(), checkpoint.ErrNone)
	}
	var c checkpoint.Checkpoint
	var bytes int64
	var there *int64
	data := &reader{rows: rows}
	if err := rows.Scan(&c.Epoch, &c.Version, &c.Saved, &bytes, &there, &data.chunk); err != nil {
		return err
	}
	if there == nil {
		there = new(int64)
	}
	if *there != bytes {
		return fmt.Errorf("%w: %d of %d bytes are there; restore the database, or delete the row from tiendi.checkpoints to begin anew",
			checkpoint.ErrDamaged, *there, bytes)
	}
	c.Saved = c.Saved.UTC()
	return read(c, data)
}

// Save implements checkpoint.Store.
func (s *Store) Save(ctx context.Context, key string, c checkpoint.Checkpoint, write func(io.Writer) error) error {
	err := s.db.Tx(ctx, func(tx pgx.Tx) error { return save(ctx, tx, key, c, write) })
	if err != nil {
		return fmt.Errorf("save checkpoint %q: %w", key, err)
	}
	return nil
}

func save(ctx context.Context, tx pgx.Tx, key string, c checkpoint.Checkpoint, data func(io.Writer) error) error {
	if c.Epoch > math.MaxInt64 {
		return fmt.Errorf("epoch %d is too large", c.Epoch)
	}
	fenced := fmt.Errorf("%w: of a higher epoch than %d", checkpoint.ErrFenced, c.Epoch)
	// Spare a fenced owner the upload. What decides comes last.
	var lost bool
	const look = "SELECT count(*) > 0 FROM tiendi.checkpoints WHERE key = $1 AND epoch > $2"
	if err := tx.QueryRow(ctx, look, key, c.Epoch).Scan(&lost); err != nil || lost {
		return cmp.Or(err, fenced)
	}
	upload := uuid.New()
	chunks := newPieces(key, upload, data)
	defer chunks.close()
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"tiendi", "checkpoint_chunks"}, []string{"key", "upload", "number", "data"}, chunks); err != nil {
		return cmp.Or(chunks.err, err)
	}
	const write = `INSERT INTO tiendi.checkpoints AS t (key, epoch, version, saved, bytes, upload) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (key) DO UPDATE SET epoch = excluded.epoch, version = excluded.version, saved = excluded.saved,
			bytes = excluded.bytes, upload = excluded.upload
		WHERE t.epoch <= excluded.epoch`
	tag, err := tx.Exec(ctx, write, key, c.Epoch, c.Version, c.Saved, chunks.bytes, upload)
	if err != nil || tag.RowsAffected() == 0 {
		return cmp.Or(err, fenced)
	}
	_, err = tx.Exec(ctx, "DELETE FROM tiendi.checkpoint_chunks WHERE key = $1 AND upload <> $2", key, upload)
	return err
}
