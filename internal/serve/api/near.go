package api

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// nearBytes bounds the answers that a server has at hand: a look into Redis costs more than
// the rest of a request whose answer is known.
const nearBytes = 64 << 20

// near has the answers that were asked for last. They need no end: their names have the
// version of the data, or a time, in them.
type near struct {
	most int // bytes

	mu      sync.Mutex
	answers *simplelru.LRU[string, []byte]
	bytes   int
}

func newNear(most int) (*near, error) {
	answers, err := simplelru.NewLRU[string, []byte](math.MaxInt32, nil)
	return &near{most: most, answers: answers}, err
}

// get is the answer of a name, nil if it is not at hand.
func (n *near) get(key string) []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	body, _ := n.answers.Get(key)
	return body
}

// put takes an answer, which nobody changes any more, in place of those that were not
// asked for the longest.
func (n *near) put(key string, body []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if old, there := n.answers.Peek(key); there {
		n.bytes -= len(key) + len(old)
	}
	n.answers.Add(key, body)
	for n.bytes += len(key) + len(body); n.bytes > n.most; {
		oldest, gone, ok := n.answers.RemoveOldest()
		if !ok {
			return
		}
		n.bytes -= len(oldest) + len(gone)
	}
}
