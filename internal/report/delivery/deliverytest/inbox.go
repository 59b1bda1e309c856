// Package deliverytest is a server of mail for tests: it takes mail over TCP as any other,
// and keeps it.
package deliverytest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Inbox is what a server took.
type Inbox struct {
	Address string // host:port
	// Refuse answers to an address, when it is not nil: a *smtp.SMTPError is told as it is.
	Refuse func(to string) error
	// Taken is called after a message is kept, and before that is answered.
	Taken func(Letter)

	mu      sync.Mutex
	letters []Letter
	logins  []string
	server  *smtp.Server
}

// Letter is a message as it came.
type Letter struct {
	From, To, ID, Subject string
	Header                mail.Header
	Text, HTML            string
}

// Start starts a server that ends with the test; with TLS where there is a configuration.
func Start(t testing.TB, config *tls.Config) *Inbox {
	t.Helper()
	b := &Inbox{}
	b.server = smtp.NewServer(b)
	b.server.Domain = "localhost"
	b.server.AllowInsecureAuth = true
	b.server.TLSConfig = config
	b.server.ReadTimeout, b.server.WriteTimeout = time.Minute, time.Minute
	b.server.ErrorLog = quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.Address = l.Addr().String()
	go func() { _ = b.server.Serve(l) }()
	t.Cleanup(func() { _ = b.server.Close() })
	return b
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// Letters is what came until now.
func (b *Inbox) Letters() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Letter(nil), b.letters...)
}

// Logins are the names and passwords that were given.
func (b *Inbox) Logins() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.logins...)
}

// Clear forgets what came.
func (b *Inbox) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = nil
}

// NewSession implements smtp.Backend.
func (b *Inbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{inbox: b}, nil }

type session struct {
	inbox    *Inbox
	from, to string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.inbox.mu.Lock()
		defer s.inbox.mu.Unlock()
		s.inbox.logins = append(s.inbox.logins, user+":"+password)
		if password == "wrong" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if refuse := s.inbox.Refuse; refuse != nil {
		if err := refuse(to); err != nil {
			return err
		}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	letter, err := Read(raw)
	if err != nil {
		return err
	}
	letter.From, letter.To = s.from, s.to
	s.inbox.mu.Lock()
	s.inbox.letters = append(s.inbox.letters, letter)
	s.inbox.mu.Unlock()
	if s.inbox.Taken != nil {
		s.inbox.Taken(letter)
	}
	return nil
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }

// Read takes a message apart.
func Read(raw []byte) (l Letter, err error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return l, err
	}
	l.Header, l.ID = m.Header, strings.Trim(m.Header.Get("Message-ID"), "<>")
	if l.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return l, err
	}
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return l, errors.Join(err, errors.New("the message is "+kind))
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return l, err
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return l, err
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.HTML = string(text)
		} else {
			l.Text = string(text)
		}
	}
}
