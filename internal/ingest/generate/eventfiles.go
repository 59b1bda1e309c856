package generate

import (
	"fmt"
	"time"
)

// maxEventFile is where a day's events go on in another file, in bytes before
// compression.
const maxEventFile = 512 << 20

// eventFiles writes event lines in order of arrival, a file for each day of
// arrival, or more for a busy one: events/events-2026-08-25-001.ndjson. In
// order of their names the files hold the events in order of arrival.
type eventFiles struct {
	dir      string
	how      Compression
	current  *file
	dayEnd   int64
	part     int
	finished []FileInfo
	newest   int64 // latest timestamp written
	late     int64
}

// lateness is how far, in milliseconds, an event must stand behind a newer
// one in the files to count as late.
const lateness = minute

func (e *eventFiles) write(line []byte, arrival, at int64) error {
	if e.current == nil || arrival >= e.dayEnd || e.current.Bytes+int64(len(line)) > maxEventFile {
		if err := e.next(arrival); err != nil {
			return err
		}
	}
	if at < e.newest-lateness {
		e.late++
	}
	e.newest = max(e.newest, at)
	return e.current.write(1, line)
}

func (e *eventFiles) next(arrival int64) error {
	if err := e.close(); err != nil {
		return err
	}
	if arrival >= e.dayEnd {
		e.part = 0
		e.dayEnd = arrival/dayLong*dayLong + dayLong
	}
	e.part++
	day := time.UnixMilli(arrival).UTC().Format(time.DateOnly)
	var err error
	e.current, err = createFile(e.dir, fmt.Sprintf("events/events-%s-%03d.ndjson", day, e.part), e.how)
	return err
}

func (e *eventFiles) close() error {
	if e.current == nil {
		return nil
	}
	f := e.current
	e.current = nil
	e.finished = append(e.finished, f.FileInfo)
	return f.close()
}
