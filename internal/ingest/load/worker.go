package load

import (
	"bytes"
	"context"
	"time"
)

// parser reads one record into a row.
type parser interface {
	parse(record []byte, r *row) problem
}

// tally is what a worker counted. Tallies add up.
type tally struct {
	rows     uint64 // that fit
	rejected uint64
	unknown  string // a key that no column reads, "" for none
}

// limits are the bounds on a row's time, in milliseconds; the file is refused
// for a row before oldest.
type limits struct {
	column int // of the time, -1 for none
	oldest int64
	newest int64
	whose  string // oldest is
}

// worker turns chunks into blocks of one stage table. send and reject are
// called with what has come together; they keep nothing of it.
type worker struct {
	parser  parser
	events  *eventRules // nil for tables without events
	limits  limits
	row     *row
	block   *block
	csv     bool
	tally   tally
	rejects []Reject
	file    string
	send    func(ctx context.Context, b *block) error
	end     func(cause error) error // of what send began; gives cause or what went wrong there
	reject  func(ctx context.Context, rejects []Reject) error
	fits    func() // called when the first row did
}

// maxRejectsHeld bounds the rejects a worker holds before it sends them.
const maxRejectsHeld = 256

func (w *worker) chunk(ctx context.Context, c chunk) error {
	if c.reason != "" {
		return w.refuse(ctx, c.line, c.data, problem{reason: c.reason})
	}
	data, line := c.data, c.line
	for len(data) > 0 {
		record, lines := w.record(data)
		data = data[len(record):]
		if body := trimNewline(record); len(body) > 0 {
			if err := w.store(ctx, line, body); err != nil {
				return err
			}
		}
		line += lines
	}
	return nil
}

// record takes the first record of data with its newline.
func (w *worker) record(data []byte) (record []byte, lines uint64) {
	end := bytes.IndexByte(data, '\n') + 1
	if end == 0 {
		end = len(data)
	}
	if !w.csv || bytes.IndexByte(data[:end], '"') < 0 {
		return data[:end], 1
	}
	if end = recordEnd(data); end < 0 {
		end = len(data)
	}
	return data[:end], uint64(bytes.Count(data[:end], []byte("\n")))
}

func (w *worker) store(ctx context.Context, line uint64, record []byte) error {
	w.row.reset()
	why := w.parser.parse(record, w.row)
	if why.reason == "" {
		var err error
		if why, err = w.keep(ctx, line, len(record)); err != nil {
			return err
		}
	}
	if why.reason != "" {
		return w.refuse(ctx, line, record, why)
	}
	return nil
}

// keep stores the row at hand, of about so many bytes, unless there is a problem.
func (w *worker) keep(ctx context.Context, line uint64, bytes int) (problem, error) {
	if w.events != nil {
		if why := w.events.apply(w.row); why.reason != "" {
			return why, nil
		}
	}
	if why := w.block.store(w.row); why.reason != "" {
		return why, nil
	}
	if w.limits.column >= 0 {
		at := w.block.columns[w.limits.column].lastTime()
		if at < w.limits.oldest {
			return problem{}, &readError{&expiredError{line, time.UnixMilli(at).UTC(), w.limits.whose}}
		}
		if at > w.limits.newest {
			w.block.undo(len(w.block.columns))
			return problem{reasonFuture, pointerOf(w.block.columns[w.limits.column].Path, w.row.kinds[w.limits.column])}, nil
		}
	}
	w.block.commit(line, bytes)
	w.tally.rows++
	if w.tally.rows == 1 {
		w.fits()
	}
	if !w.block.full() {
		return problem{}, nil
	}
	return problem{}, w.flush(ctx)
}

func (w *worker) flush(ctx context.Context) error {
	if w.block.rows == 0 {
		return nil
	}
	defer w.block.reset()
	return w.send(ctx, w.block)
}

func (w *worker) refuse(ctx context.Context, line uint64, record []byte, why problem) error {
	w.tally.rejected++
	raw := bytes.Clone(record[:min(len(record), maxRaw)])
	if w.events != nil {
		raw = anonymizeText(raw)
	}
	w.rejects = append(w.rejects, Reject{File: w.file, Line: line, Reason: why.reason, Pointer: why.pointer, Raw: raw})
	if len(w.rejects) < maxRejectsHeld {
		return nil
	}
	return w.flushRejects(ctx)
}

func (w *worker) flushRejects(ctx context.Context) error {
	if len(w.rejects) == 0 {
		return nil
	}
	rejects := w.rejects
	w.rejects = nil
	return w.reject(ctx, rejects)
}

// finish sends what is left.
func (w *worker) finish(ctx context.Context) error {
	if p, ok := w.parser.(*jsonParser); ok {
		w.tally.unknown = p.unknown
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	return w.flushRejects(ctx)
}
