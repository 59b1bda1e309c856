package archive

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// Topics are those that are kept.
func Topics() []string { return []string{record.TopicRaw, change.Topic, record.TopicRejected} }

// Span is a part of a partition's log, and the hour that it belongs to.
type Span struct {
	Topic     string
	Partition int
	Log       string // broker.Bounds.ID
	From, To  uint64 // offsets: of the first message, and behind the last
	Began     time.Time
}

// File is a file of the archive, as its name says.
type File struct {
	Topic     string
	Partition int
	Log       string
	From, To  uint64
	Hour      time.Time // its beginning, UTC: when the first message of the file was taken
	Size      int64     // bytes; of a listing
}

func (s Span) file() File {
	return File{Topic: s.Topic, Partition: s.Partition, Log: s.Log, From: s.From, To: s.To, Hour: s.Began.UTC().Truncate(time.Hour)}
}

const suffix = ".ndjson.zst"

// Name is the object's, without the archive's prefix. Offsets have 20 digits, so that
// names are in the order of the log. The last offset is of the file.
func (f File) Name() string {
	return fmt.Sprintf("%s/date=%s/hour=%02d/%04d-%s-%020d-%020d%s",
		f.Topic, f.Hour.Format(time.DateOnly), f.Hour.Hour(), f.Partition, f.Log, f.From, f.To-1, suffix)
}

// It is compiled where it is first needed.
var filePattern = lazyregexp.New(`^([a-z0-9.-]+)/date=(\d{4}-\d\d-\d\d)/hour=(\d\d)/(\d{4})-([0-9A-Za-z][0-9A-Za-z.-]{0,99})-(\d{20})-(\d{20})\.ndjson\.zst$`)

// parseName reads what Name wrote, and nothing else.
func parseName(name string) (f File, ok bool) {
	m := filePattern().FindStringSubmatch(name)
	if m == nil {
		return f, false
	}
	hour, err := time.Parse("2006-01-02 15", m[2]+" "+m[3])
	if err != nil {
		return f, false
	}
	partition, _ := strconv.Atoi(m[4]) // four digits
	from, wrong := strconv.ParseUint(m[6], 10, 64)
	last, err := strconv.ParseUint(m[7], 10, 64)
	if wrong != nil || err != nil || last < from || last+1 == 0 || !slices.Contains(Topics(), m[1]) {
		return f, false
	}
	return File{Topic: m[1], Partition: partition, Log: m[5], From: from, To: last + 1, Hour: hour}, true
}

// chain is what must lie end to end.
type chain struct {
	topic     string
	partition int
	log       string
}

func (f File) chain() chain { return chain{f.Topic, f.Partition, f.Log} }

func (c chain) String() string { return fmt.Sprintf("%s/%d of log %s", c.topic, c.partition, c.log) }

func (c chain) compare(d chain) int {
	return cmp.Or(strings.Compare(c.topic, d.topic), cmp.Compare(c.partition, d.partition), strings.Compare(c.log, d.log))
}

// compare orders files as the log was, partition by partition.
func (f File) compare(g File) int {
	return cmp.Or(f.chain().compare(g.chain()), cmp.Compare(f.From, g.From), cmp.Compare(f.To, g.To), f.Hour.Compare(g.Hour))
}
