package postgres

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/postgres"
)

// chunkBytes is the size of a piece of data. Client and server hold a few of them
// at a time.
const chunkBytes = 1 << 20

// Store is a checkpoint.Store and checkpoint.Members.
type Store struct {
	db  *postgres.DB
	ttl time.Duration
}

// New takes a database that has been migrated. Members that have not beaten for ttl
// are not alive.
func New(db *postgres.DB, ttl time.Duration) *Store { return &Store{db: db, ttl: ttl} }

// Load implements checkpoint.Store.
func (s *Store) Load(ctx context.Context, key string) (c checkpoint.Checkpoint, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		c, err = load(ctx, tx, key)
		return err
	})
	if err != nil {
		return checkpoint.Checkpoint{}, fmt.Errorf("checkpoint %q: %w", key, err)
	}
	return c, nil
}

// load reads head and pieces in one statement, so of one moment.
func load(ctx context.Context, tx pgx.Tx, key string) (c checkpoint.Checkpoint, err error) {
	const query = `SELECT epoch, version, saved, bytes, data
		FROM tiendi.checkpoints LEFT JOIN tiendi.checkpoint_chunks USING (key, upload) WHERE key = $1 ORDER BY number`
	rows, err := tx.Query(ctx, query, key)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	var bytes int64
	none := true
	var chunk pgtype.DriverBytes // a part of the connection's buffer: one copy less
	for rows.Next() {
		if err := rows.Scan(&c.Epoch, &c.Version, &c.Saved, &bytes, &chunk); err != nil {
			return c, err
		}
		if none {
			c.Data = make([]byte, 0, bytes)
		}
		none = false
		c.Data = append(c.Data, chunk...)
	}
	c.Saved = c.Saved.UTC()
	switch {
	case rows.Err() != nil:
		return c, rows.Err()
	case none:
		return c, checkpoint.ErrNone
	case int64(len(c.Data)) != bytes:
		return c, fmt.Errorf("%w: %d of %d bytes are there; restore the database, or delete the row from tiendi.checkpoints to begin anew",
			checkpoint.ErrDamaged, len(c.Data), bytes)
	}
	return c, nil
}

// Save implements checkpoint.Store.
func (s *Store) Save(ctx context.Context, key string, c checkpoint.Checkpoint) error {
	err := s.db.Tx(ctx, func(tx pgx.Tx) error { return save(ctx, tx, key, c) })
	if err != nil {
		return fmt.Errorf("save checkpoint %q: %w", key, err)
	}
	return nil
}

func save(ctx context.Context, tx pgx.Tx, key string, c checkpoint.Checkpoint) error {
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
	chunks := &pieces{key: key, upload: upload, data: c.Data}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"tiendi", "checkpoint_chunks"}, []string{"key", "upload", "number", "data"}, chunks); err != nil {
		return err
	}
	const write = `INSERT INTO tiendi.checkpoints AS t (key, epoch, version, saved, bytes, upload) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (key) DO UPDATE SET epoch = excluded.epoch, version = excluded.version, saved = excluded.saved,
			bytes = excluded.bytes, upload = excluded.upload
		WHERE t.epoch <= excluded.epoch`
	tag, err := tx.Exec(ctx, write, key, c.Epoch, c.Version, c.Saved, len(c.Data), upload)
	if err != nil || tag.RowsAffected() == 0 {
		return cmp.Or(err, fenced)
	}
	_, err = tx.Exec(ctx, "DELETE FROM tiendi.checkpoint_chunks WHERE key = $1 AND upload <> $2", key, upload)
	return err
}

// pieces are the rows of an upload, for COPY.
type pieces struct {
	key    string
	upload uuid.UUID
	data   []byte
	number int
}

// Next implements pgx.CopyFromSource.
func (p *pieces) Next() bool { return p.number*chunkBytes < len(p.data) }

// Values implements pgx.CopyFromSource.
func (p *pieces) Values() ([]any, error) {
	from := p.number * chunkBytes
	p.number++
	return []any{p.key, p.upload, p.number, p.data[from:min(from+chunkBytes, len(p.data))]}, nil
}

// Err implements pgx.CopyFromSource.
func (p *pieces) Err() error { return nil }
