package broker

import "context"

// fannedCursor implements Cursor.
type fannedCursor struct {
	shared *fanOut
	log    Log
	id     string
	next   uint64 // what is below was given out
	feed   *feed  // nil after it was left behind
}

// attach finds a feed that is near, or opens one.
func (c *fannedCursor) attach(ctx context.Context) error {
	s := c.shared
	s.mu.Lock()
	f := s.near(c)
	if f != nil {
		f.add(c)
	}
	s.mu.Unlock()
	if f != nil {
		return nil
	}
	source, err := c.log.Read(ctx, c.next)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f = newFeed(source, c.next)
	f.add(c)
	s.feeds[c.id] = append(s.feeds[c.id], f)
	return nil
}

// Next implements Cursor. Nobody reads in the background: whoever is first at the end of
// what was read reads on for all, and the others wait for it.
func (c *fannedCursor) Next(ctx context.Context) (Stored, error) {
	for ctx.Err() == nil {
		m, ok, f, changed, err := c.look()
		if ok {
			return c.whole(m), nil
		}
		if err != nil {
			return m, err
		}
		if f == nil {
			if err := c.attach(ctx); err != nil {
				return Stored{}, err
			}
			continue
		}
		select {
		case f.reading <- struct{}{}:
			c.shared.fetch(ctx, c.id, f, changed)
			<-f.reading
		case <-changed:
		case <-ctx.Done():
		}
	}
	return Stored{}, ctx.Err()
}

// whole gives a message its body.
func (c *fannedCursor) whole(m Stored) Stored {
	m, anew := m.whole()
	if anew {
		c.shared.mu.Lock()
		defer c.shared.mu.Unlock()
		if c.feed != nil {
			c.feed.unpacked(m)
		}
	}
	return m
}

// look gives the next message, or else the feed that it has to come from, and what is
// closed when that has changed. A cursor that was left behind has no feed.
func (c *fannedCursor) look() (m Stored, ok bool, from *feed, changed chan struct{}, err error) {
	s := c.shared
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.feed == nil {
		return m, false, nil, nil, nil
	}
	if m, ok = c.feed.message(c); ok {
		return m, true, nil, nil, nil
	}
	if c.feed.err != nil {
		return m, false, nil, nil, c.feed.err
	}
	if f := s.near(c); f != nil && s.before(c.id, f, c.feed) {
		s.leave(c)
		f.add(c)
		m, ok = f.message(c)
	}
	return m, ok, c.feed, c.feed.changed, nil
}

// Close implements Cursor.
func (c *fannedCursor) Close() error {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	c.shared.leave(c)
	return nil
}
