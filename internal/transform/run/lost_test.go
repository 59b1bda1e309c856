package run

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// A connection that breaks after a batch was put in place, and before the
// answer came, neither fails the model nor adds the batch twice.
func TestLostAnswer(t *testing.T) {
	s := open(t)
	s.model("m", "incremental", "SELECT number AS k FROM numbers(10)", map[string]any{"on_schema_change": "append_new_columns"})
	s.run()
	s.runCutAt("ATTACH PARTITION ALL")
	s.want("SELECT count(), uniqExact(k) FROM {m}", "20 10")
	s.nothingLeft()
	s.sql["model.shop.m"] = "SELECT number AS k, 'new' AS v FROM numbers(10)"
	s.runCutAt("EXCHANGE TABLES")
	s.want("SELECT v, count(), uniqExact(k) FROM {m} GROUP BY v ORDER BY v", "20 10", "new 10 10")
	s.nothingLeft()
}

// runCutAt runs all nodes over a connection that is cut once after a word.
func (s *shop) runCutAt(word string) {
	s.t.Helper()
	p := &cutter{t: s.t, to: s.client.Config().Addrs[0], word: []byte(word)}
	config := s.client.Config()
	config.Addrs, config.Local = []string{p.listen()}, true // uncompressed, so that the word can be seen
	client, err := warehouse.Open(s.t.Context(), config)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	s.run(func(o *Options) { o.Warehouse = client })
	if !p.cut.Load() {
		s.t.Fatal("no connection was cut")
	}
}

// cutter passes a server's bytes on and cuts the first connection that sends
// a word, once the server has had the time to act on it.
type cutter struct {
	t    testing.TB
	to   string
	word []byte
	cut  atomic.Bool
}

func (c *cutter) listen() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go c.pass(client)
		}
	}()
	return l.Addr().String()
}

func (c *cutter) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var deaf atomic.Bool
	go func() {
		_, _ = io.Copy(writer(func(b []byte) (int, error) {
			if deaf.Load() {
				return 0, errors.New("cut")
			}
			return client.Write(b)
		}), server)
	}()
	_, _ = io.Copy(writer(func(b []byte) (int, error) {
		mine := bytes.Contains(b, c.word) && c.cut.CompareAndSwap(false, true)
		deaf.Store(mine)
		n, err := server.Write(b)
		if mine {
			time.Sleep(500 * time.Millisecond)
			return n, errors.New("cut")
		}
		return n, err
	}), client)
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
