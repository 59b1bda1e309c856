package worker

import (
	"strings"
	"sync"
	"time"
	"unicode"
)

// silence is how long a task speaks for others, which is longer than any of its pauses.
const silence = 2 * lastPause

// mostComplaints bounds what is remembered: texts can have anything in them.
const mostComplaints = 100

// complaints let one task speak for all that fail alike: where the broker is away each of
// dozens says so every two seconds, which nobody can read.
type complaints struct {
	mu sync.Mutex
	of map[string]*complaint // by text, without its numbers: partitions and offsets
}

type complaint struct {
	speaker Task
	at      time.Time     // when it spoke last
	others  map[Task]bool // that failed alike since
}

// speak says whether a task's error is to be told, and how many others it is told for.
func (c *complaints) speak(task Task, err error, now time.Time) (others int, told bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := strings.Map(withoutDigits, err.Error())
	one := c.of[text]
	if one != nil && one.speaker != task && now.Sub(one.at) < silence {
		one.others[task] = true
		return 0, false
	}
	if one != nil {
		others = len(one.others)
	} else if len(c.of) >= mostComplaints {
		clear(c.of)
	}
	c.of[text] = &complaint{task, now, map[Task]bool{}}
	return others, true
}

func withoutDigits(r rune) rune {
	if unicode.IsDigit(r) {
		return -1
	}
	return r
}
