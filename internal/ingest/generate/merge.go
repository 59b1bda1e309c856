package generate

// merge brings the events of successive slots into one order of arrival. It
// holds only what arrives after its own slot: the ends of visits that are
// under way, and late events.
type merge struct {
	held []held // a binary heap, the earliest first
	seq  int64
	emit func(line []byte, arrival, at int64) error
}

type held struct {
	arrival, at, seq int64
	line             []byte
}

func (h held) before(other held) bool {
	return h.arrival < other.arrival || h.arrival == other.arrival && h.seq < other.seq
}

// slot emits what arrives before until, of earlier slots and of this one, and
// holds the rest. At the same time of arrival the earlier slot goes first.
func (m *merge) slot(s *slot, until int64) error {
	records := s.records
	for len(records) > 0 && records[0].arrival < until {
		rec := records[0]
		if err := m.flush(rec.arrival + 1); err != nil {
			return err
		}
		if err := m.emit(s.lines[rec.start:rec.end], rec.arrival, rec.at); err != nil {
			return err
		}
		records = records[1:]
	}
	if err := m.flush(until); err != nil {
		return err
	}
	m.hold(s, records, until)
	return nil
}

// hold copies lines, since the slot is used again: those that arrive soon in
// one block, the late ones singly, not to keep the block for their sake.
func (m *merge) hold(s *slot, records []record, until int64) {
	size := 0
	for _, rec := range records {
		if rec.arrival < until+hour {
			size += rec.end - rec.start
		}
	}
	block := make([]byte, 0, size)
	for _, rec := range records {
		line := s.lines[rec.start:rec.end]
		if rec.arrival < until+hour {
			block = append(block, line...)
			line = block[len(block)-len(line):]
		} else {
			line = append([]byte(nil), line...)
		}
		m.push(held{rec.arrival, rec.at, m.seq, line})
		m.seq++
	}
}

// flush emits what is held and arrives before until.
func (m *merge) flush(until int64) error {
	for len(m.held) > 0 && m.held[0].arrival < until {
		h := m.pop()
		if err := m.emit(h.line, h.arrival, h.at); err != nil {
			return err
		}
	}
	return nil
}

func (m *merge) push(h held) {
	m.held = append(m.held, h)
	i := len(m.held) - 1
	for i > 0 && h.before(m.held[(i-1)/2]) {
		m.held[i] = m.held[(i-1)/2]
		i = (i - 1) / 2
	}
	m.held[i] = h
}

func (m *merge) pop() held {
	top, last := m.held[0], len(m.held)-1
	moved := m.held[last]
	m.held[last] = held{}
	m.held = m.held[:last]
	if last == 0 {
		return top
	}
	i := 0
	for child := 1; child < last; child = 2*i + 1 {
		if child+1 < last && m.held[child+1].before(m.held[child]) {
			child++
		}
		if !m.held[child].before(moved) {
			break
		}
		m.held[i] = m.held[child]
		i = child
	}
	m.held[i] = moved
	return top
}
