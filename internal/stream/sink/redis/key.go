package redis

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// unit is a day or a minute that figures are of.
type unit struct {
	grain record.Grain
	start int64 // Unix seconds
}

// name is 2026-11-20 for a day, Unix seconds for a minute.
func (u unit) name(zone *time.Location) string {
	if u.grain == record.Day {
		return time.Unix(u.start, 0).In(zone).Format(time.DateOnly)
	}
	return strconv.FormatInt(u.start, 10)
}

func (u unit) key(name string) string { return "tiendi:" + u.grain.String() + ":" + name }

// set is the sorted set that the unit is listed in.
func (u unit) set() string { return u.grain.String() + "s" }

// place is where a window's figure stands beneath its unit and store: the store's
// own has no kind and member.
func place(w *record.Window) (kind, member string, err error) {
	switch w.By {
	case record.ByStore:
		return "", "", nil
	case record.ByProduct:
		return "product", w.ProductID.String(), nil
	case record.ByStoreSource:
		return "source", sourceName(w.Source), nil
	}
	return "", "", fmt.Errorf("%w: a window by %s, which no key is made for", record.ErrFormat, w.By)
}

const (
	longestSource = 64 // bytes, as written
	keptOfLong    = 30 // of a longer one
)

// sourceName writes a traffic source for a key. It comes from a page's address, so
// anybody chooses it: all but A-Z a-z 0-9 . _ - is written %XX as in addresses,
// what is long is cut and told apart by its hash, and none at all is "%".
func sourceName(source string) string {
	if source == "" {
		return "%"
	}
	var b strings.Builder
	for i := 0; i < len(source) && b.Len() <= longestSource; i++ {
		if c := source[i]; plain(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() <= longestSource {
		return b.String()
	}
	sum := sha256.Sum256([]byte(source))
	return b.String()[:keptOfLong] + "%~" + hex.EncodeToString(sum[:16])
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '_' || c == '-'
}

func positionKey(partition int) string {
	return "tiendi:applied:" + record.TopicAggregated + ":" + strconv.Itoa(partition)
}

// at names a position within its partition: the rest of a Progress follows from it.
func at(p *broker.Progress) string {
	if p.Log == "" && p.Next == 0 {
		return "" // as the field is when nothing was applied
	}
	return p.Log + " " + strconv.FormatUint(p.Next, 10)
}
