package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// wireAttack is bytes on a connection, and the answers to them.
type wireAttack struct {
	name, text string
	statuses   []int
	stored     []visit
}

// hostilePatience is longer than any of the collector's own limits.
const hostilePatience = 40 * time.Second

// send writes the bytes, says that there are no more, and reads all answers.
func (a *wireAttack) send(t testing.TB, url string) (statuses []int) {
	t.Helper()
	conn := dialRaw(t, url)
	defer conn.Close()
	go func() {
		_, _ = io.WriteString(conn, a.text) // the collector may have had enough
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	return answers(t, a.name, conn)
}

func dialRaw(t testing.TB, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(hostilePatience))
	return conn
}

// answers reads until the collector hangs up.
func answers(t testing.TB, name string, conn net.Conn) (statuses []int) {
	t.Helper()
	r := bufio.NewReader(conn)
	for {
		response, err := http.ReadResponse(r, nil)
		if err != nil {
			var network net.Error
			if errors.As(err, &network) && network.Timeout() {
				t.Errorf("%s: the connection stays open", name)
			}
			return statuses
		}
		_, _ = io.Copy(io.Discard, response.Body)
		statuses = append(statuses, response.StatusCode)
	}
}

// rawPost is a request in HTTP.
func rawPost(headers, body string) string {
	return "POST /v1/events HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body
}

func sized(body string) string {
	return rawPost(fmt.Sprintf("Content-Length: %d\r\n", len(body)), body)
}

func chunked(body string) string {
	return rawPost("Transfer-Encoding: chunked\r\n", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body))
}

// wireAttacks are what HTTP does not allow, or seldom sees.
func wireAttacks() []wireAttack {
	next := func(why string) visit { return newVisit(why) }
	piped := []visit{next("first of a pipeline"), next("second"), next("third")}
	garbage, trailers, exact := next("chunks with garbage behind them"), next("chunks with trailers"), next("a length that is right, and more")
	flood := strings.Repeat("X-Flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", 20_000)
	cut := next("").String()
	return []wireAttack{
		{name: "a pipeline", text: sized(piped[0].String()) + chunked(piped[1].String()) + sized(piped[2].String()), statuses: []int{202, 202, 202}, stored: piped},
		{name: "garbage behind chunks", text: chunked(garbage.String()) + "\x00\x01garbage\r\n\r\n", statuses: []int{202, 400}, stored: []visit{garbage}},
		{name: "trailers", text: rawPost("Transfer-Encoding: chunked\r\nTrailer: Content-Encoding\r\n",
			fmt.Sprintf("%x;x=y\r\n%s\r\n0\r\nContent-Encoding: gzip\r\nAuthorization: Bearer x\r\n\r\n", len(trailers.String()), trailers)), statuses: []int{202}, stored: []visit{trailers}},
		{name: "a length that is right, and more", text: sized(exact.String()) + exact.String(), statuses: []int{202, 400}, stored: []visit{exact}},
		{name: "a length that is too short", text: rawPost("Content-Length: 100\r\n", cut), statuses: []int{400, 400}},
		{name: "a length that is too long", text: rawPost("Content-Length: 100000\r\n", cut), statuses: []int{400}},
		{name: "a negative length", text: rawPost("Content-Length: -1\r\n", cut), statuses: []int{400}},
		{name: "a huge length", text: rawPost("Content-Length: 9223372036854775807\r\n", cut), statuses: []int{413}},
		{name: "two lengths", text: rawPost("Content-Length: 10\r\nContent-Length: 1000\r\n", cut), statuses: []int{400}},
		{name: "chunks that are none", text: rawPost("Transfer-Encoding: chunked\r\n", "zz\r\n"+cut), statuses: []int{400}},
		{name: "a chunk that never comes", text: rawPost("Transfer-Encoding: chunked\r\n", "ffffff\r\n"+cut), statuses: []int{400}},
		{name: "a huge chunk", text: rawPost("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\n"+cut), statuses: []int{400}},
		{name: "headers without end", text: "POST /v1/events HTTP/1.1\r\nHost: x\r\n" + flood, statuses: []int{431}},
		{name: "no HTTP", text: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", statuses: []int{400}},
		{name: "a NUL in a header", text: rawPost("X-A: \x00\r\n", ""), statuses: []int{400}},
	}
}

// slowClients keep connections open as long as they may; the function that it gives
// wants them to have been shown the door.
func slowClients(t *testing.T, url string) func(*testing.T) {
	t.Helper()
	type client struct {
		name, text string
		statuses   []int
		got        chan []int
	}
	clients := []*client{
		{name: "headers that never end", text: "POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Slow: "},
		{name: "a body that never ends", text: rawPost("Content-Length: 4000000\r\n", "["), statuses: []int{408}},
		{name: "a packed body that never ends", text: rawPost("Content-Length: 1000\r\nContent-Encoding: zstd\r\n", "\x28\xb5\x2f\xfd\x00\x58\x00\x35\x0c"), statuses: []int{408}},
		{name: "chunks that never end", text: rawPost("Transfer-Encoding: chunked\r\n", "ffffff\r\n["), statuses: []int{408}},
	}
	for _, c := range clients {
		c.got = make(chan []int, 1)
		conn := dialRaw(t, url)
		if _, err := io.WriteString(conn, c.text); err != nil {
			t.Fatal(err)
		}
		go func() {
			defer conn.Close()
			for range 30 { // a byte a second, until nobody reads it
				if _, err := io.WriteString(conn, "1"); err != nil {
					break
				}
				time.Sleep(time.Second)
			}
		}()
		go func() { c.got <- answers(t, c.name, conn) }()
	}
	return func(t *testing.T) {
		t.Helper()
		for _, c := range clients {
			got := <-c.got
			// The other hostile clients may hold all of the memory for bodies.
			full := len(c.statuses) > 0 && slices.Equal(got, []int{http.StatusServiceUnavailable})
			if !full && !slices.Equal(got, c.statuses) {
				t.Errorf("%s: answered %v, want %v", c.name, got, c.statuses)
			}
		}
	}
}
