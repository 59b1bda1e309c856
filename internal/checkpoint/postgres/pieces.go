package postgres

import (
	"errors"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// chunkBytes is the size of a piece of data. Client and server hold a few of them
// at a time.
const chunkBytes = 1 << 20

// pieces are the rows of an upload, for COPY: what a function writes, cut.
type pieces struct {
	key    string
	upload uuid.UUID
	from   *io.PipeReader
	chunk  []byte
	number int
	bytes  int64
	err    error
	ended  chan struct{} // nobody writes any more
}

func newPieces(key string, upload uuid.UUID, write func(io.Writer) error) *pieces {
	from, to := io.Pipe()
	p := &pieces{key: key, upload: upload, from: from, chunk: make([]byte, chunkBytes), ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		_ = to.CloseWithError(write(to))
	}()
	return p
}

// close ends the writing: afterwards the function is not at work.
func (p *pieces) close() {
	_ = p.from.Close()
	<-p.ended
}

// Next implements pgx.CopyFromSource.
func (p *pieces) Next() bool {
	n, err := io.ReadFull(p.from, p.chunk[:chunkBytes])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		p.err = err
		return false
	}
	p.chunk, p.bytes, p.number = p.chunk[:n], p.bytes+int64(n), p.number+1
	return n > 0
}

// Values implements pgx.CopyFromSource. pgx has written them before it asks again.
func (p *pieces) Values() ([]any, error) { return []any{p.key, p.upload, p.number, p.chunk}, nil }

// Err implements pgx.CopyFromSource.
func (p *pieces) Err() error { return p.err }

// reader gives the data of pieces, from the row that was scanned on.
type reader struct {
	rows  pgx.Rows
	chunk pgtype.DriverBytes // a part of the connection's buffer: one copy less
}

// Read implements io.Reader.
func (r *reader) Read(into []byte) (int, error) {
	for len(r.chunk) == 0 {
		if !r.rows.Next() {
			if err := r.rows.Err(); err != nil {
				return 0, err
			}
			return 0, io.EOF
		}
		if err := r.rows.Scan(nil, nil, nil, nil, nil, &r.chunk); err != nil {
			return 0, err
		}
	}
	n := copy(into, r.chunk)
	r.chunk = r.chunk[n:]
	return n, nil
}
