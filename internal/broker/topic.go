package broker

import (
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// Topic is what Declare makes.
type Topic struct {
	// Name is words of small letters and digits joined by dots or hyphens.
	Name string
	// Partitions is fixed for the topic's life, 1 to 1024.
	Partitions int
	// Retention says what a partition keeps at least.
	Retention Retention
}

// Retention bounds a partition by age and by bytes; 0 is no bound. Drivers remove
// whole segments, so more than that is kept for a while.
type Retention struct {
	Age   time.Duration
	Bytes int64
}

const maxPartitions = 1024

// Underscores are left out so that drivers can put one in the place of a dot.
var topicName = lazyregexp.New(`^[a-z0-9]+([.-][a-z0-9]+)*$`)

// Validate says what is wrong with the topic.
func (t Topic) Validate() error {
	switch {
	case !topicName().MatchString(t.Name) || len(t.Name) > 100:
		return fmt.Errorf("topic name %q: use up to 100 small letters and digits, joined by dots or hyphens", t.Name)
	case t.Partitions < 1 || t.Partitions > maxPartitions:
		return fmt.Errorf("topic %s: %d partitions; use 1 to %d", t.Name, t.Partitions, maxPartitions)
	case t.Retention.Age < 0 || t.Retention.Bytes < 0:
		return fmt.Errorf("topic %s: retention is negative; use 0 to keep everything", t.Name)
	}
	return nil
}
