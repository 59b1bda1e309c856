package brokertest

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy passes TCP connections on, and ill-treats them when told. Unlike Toxiproxy (2.5)
// it loses nothing of a connection that lives on: that one drops what it still holds
// when a toxic is taken away while the other end does not read.
type Proxy struct {
	listener net.Listener
	target   string

	mu     sync.Mutex
	conns  map[net.Conn]bool
	mute   bool // what the server says is kept back
	closed bool // nobody gets in
	delay  time.Duration
	spoken *sync.Cond
}

// NewProxy stands before the server at host:port until the test ends.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, target: target, conns: map[net.Conn]bool{}}
	p.spoken = sync.NewCond(&p.mu)
	t.Cleanup(func() { _ = l.Close(); p.Mute(false); p.Cut() })
	go p.accept()
	return p
}

// Addr is what to connect to.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Cut drops every connection.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

// Mute keeps back what the server says, or lets it through again.
func (p *Proxy) Mute(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = on
	p.spoken.Broadcast()
}

// Shut refuses new connections, or takes them again.
func (p *Proxy) Shut(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = on
}

// Slow holds up each piece of what either side says for so long.
func (p *Proxy) Slow(delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = delay
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		closed := p.closed
		p.mu.Unlock()
		server, err := net.Dial("tcp", p.target)
		if err != nil || closed {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		go p.pass(server, client, p.awaitDelay)
		go p.pass(client, server, p.awaitVoice)
	}
}

// pass copies until either end is gone, and drops both.
func (p *Proxy) pass(to, from net.Conn, before func()) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			before()
			if _, writeErr := to.Write(buffer[:n]); writeErr != nil {
				err = io.EOF
			}
		}
		if err != nil {
			break
		}
	}
	_, _ = to.Close(), from.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, to)
	delete(p.conns, from)
}

func (p *Proxy) awaitDelay() {
	p.mu.Lock()
	delay := p.delay
	p.mu.Unlock()
	time.Sleep(delay)
}

func (p *Proxy) awaitVoice() {
	p.awaitDelay()
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.mute {
		p.spoken.Wait()
	}
}
