package broker

import "fmt"

// maxProducers bounds how many producers' windows a reader of one partition keeps.
const maxProducers = 1024

// Progress is how far a partition was read, and what is needed to go on: a
// function of the log up to there and of nothing else. The zero Progress begins at
// a log's first message. Store it with whatever was made of the messages, as JSON.
//
// A reader that begins anew on a log whose beginning has been trimmed knows of no
// claim before its first record: should the broker have kept a late batch of an
// earlier owner right there, it is taken for a current one.
type Progress struct {
	Log       string `json:"log,omitempty"` // Bounds.ID; "" before anything was read
	Partition int    `json:"partition"`
	Next      uint64 `json:"next"`            // lowest offset not read yet
	Epoch     uint64 `json:"epoch,omitempty"` // of the claim that holds there
	// Producers are those seen last, with the numbers of their batches.
	Producers map[string]*window `json:"producers,omitempty"`
}

// verdict is what becomes of a message.
type verdict int

const (
	deliver verdict = iota
	hidden          // the driver's own
	doubled         // seen already
	stale           // written under an earlier claim
)

// take advances past a message and says what becomes of it.
func (p *Progress) take(m Stored) verdict {
	p.Next = m.Offset + 1
	switch {
	case m.Kind == KindBid || m.Kind == KindBirth:
		return hidden
	case m.Epoch < p.Epoch, m.Kind == KindClaim && m.Epoch == p.Epoch:
		return stale
	case m.Epoch > p.Epoch:
		// A new owner: nothing of the earlier ones counts from here.
		p.Epoch, p.Producers = m.Epoch, nil
	}
	if m.Kind == KindClaim || m.Producer == "" || m.Sequence == 0 {
		return deliver
	}
	if !p.window(m.Producer, m.Offset).add(m.Sequence) {
		return doubled
	}
	return deliver
}

func (p *Progress) window(producer string, offset uint64) *window {
	w := p.Producers[producer]
	if w == nil {
		if p.Producers == nil {
			p.Producers = map[string]*window{}
		}
		if len(p.Producers) >= maxProducers {
			p.forgetOldest()
		}
		w = &window{}
		p.Producers[producer] = w
	}
	w.At = offset
	return w
}

func (p *Progress) forgetOldest() {
	var oldest string
	for name, w := range p.Producers {
		if oldest == "" || w.At < p.Producers[oldest].At {
			oldest = name
		}
	}
	delete(p.Producers, oldest)
}

// check compares what was read with the log as it is now.
func (p *Progress) check(topic string, b Bounds) error {
	where := fmt.Sprintf("topic %s, partition %d", topic, p.Partition)
	switch {
	case p.Log == "":
		return nil
	case p.Log != b.ID:
		return fmt.Errorf("%s: %w: read was log %s up to offset %d, there is log %s; "+
			"drop what was made of the old one, or restore it, then begin anew", where, ErrRecreated, p.Log, p.Next, b.ID)
	case b.First > p.Next:
		return fmt.Errorf("%s: %w: offsets %d to %d; refill them from the archive and begin at %d, "+
			"and give the topic a longer retention", where, ErrTrimmed, p.Next, b.First-1, b.First)
	case b.Next < p.Next:
		return fmt.Errorf("%s: %w: read up to offset %d, the log ends at %d; the broker lost data or was restored "+
			"from a backup: begin anew", where, ErrTruncated, p.Next, b.Next)
	}
	return nil
}

// clone is a copy that further reading does not change.
func (p *Progress) clone() Progress {
	c := *p
	c.Producers = make(map[string]*window, len(p.Producers))
	for name, w := range p.Producers {
		copied := *w
		c.Producers[name] = &copied
	}
	return c
}
