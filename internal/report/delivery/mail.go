package delivery

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/tiendi/tiendi/internal/report"
)

// TLS is how a connection to a server of mail is kept from being read.
type TLS string

// The ways.
const (
	StartTLS TLS = "required" // after STARTTLS, or not at all
	MayTLS   TLS = "offered"  // after STARTTLS where the server knows it
	NoTLS    TLS = "none"
	Implicit TLS = "implicit" // from the first byte
)

// Server is where mail is handed in.
type Server struct {
	Host           string
	Port           int
	User, Password string // "" for none
	TLS            TLS
	From           string // name and address
	Config         *tls.Config
}

// serverTimeout bounds each command to a server of mail.
const serverTimeout = 30 * time.Second

// Connect gives a connection of its own to a worker. It is made when it is needed.
func (s *Server) Connect() Sender { return &connection{server: s} }

// connection sends one message after the other.
type connection struct {
	server *Server
	client *mail.Client // nil while there is none
}

// Send hands a message in. Errors are *Failure.
func (c *connection) Send(ctx context.Context, m *Message) error {
	msg, err := c.server.compose(m)
	if err != nil {
		return &Failure{err: err}
	}
	if c.client == nil {
		if err := c.dial(ctx); err != nil {
			return err
		}
	}
	err = c.client.Send(msg)
	if err == nil || msg.IsDelivered() { // what went wrong after it was taken is of the next one
		if err != nil {
			c.Close()
		}
		return nil
	}
	var refused *mail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() != 0 && refused.ErrorCode() != 421 {
		return &Failure{err: err, Temporary: refused.IsTemp()}
	}
	c.Close() // the server is not there any more
	return &Failure{err: err, Temporary: true}
}

func (c *connection) dial(ctx context.Context) error {
	client, err := mail.NewClient(c.server.Host, c.server.options()...)
	if err != nil {
		return &Failure{err: err, Unreachable: true}
	}
	if err := client.DialWithContext(ctx); err != nil {
		_ = client.Close()
		return &Failure{err: fmt.Errorf("server of mail %s:%d: %w", c.server.Host, c.server.Port, err), Temporary: !refusedLogin(err), Unreachable: true}
	}
	c.client = client
	return nil
}

// refusedLogin says whether trying again can change nothing.
func refusedLogin(err error) bool {
	return errors.Is(err, mail.ErrNoSupportedAuthDiscovered) || errors.Is(err, mail.ErrPlainAuthNotSupported) || replyCode(err) >= 500
}

func (s *Server) options() []mail.Option {
	policy := map[TLS]mail.TLSPolicy{StartTLS: mail.TLSMandatory, MayTLS: mail.TLSOpportunistic, NoTLS: mail.NoTLS, Implicit: mail.NoTLS}
	list := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(serverTimeout), mail.WithTLSPolicy(policy[s.TLS]), mail.WithoutNoop()}
	if s.TLS == Implicit {
		list = append(list, mail.WithSSL())
	}
	if s.Config != nil {
		list = append(list, mail.WithTLSConfig(s.Config))
	}
	if s.User != "" {
		list = append(list, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return list
}

// compose writes the message as text and as a page.
func (s *Server) compose(m *Message) (*mail.Msg, error) {
	msg := mail.NewMsg()
	if err := msg.From(s.From); err != nil {
		return nil, fmt.Errorf("sender %q: %w", s.From, err)
	}
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("address %q: %w", m.To, err)
	}
	msg.Subject(m.Subject())
	msg.SetDate()
	msg.SetMessageIDWithValue(m.ID + "@" + domain(s.From))
	msg.SetBulk() // says Precedence: bulk, so that nobody answers by machine
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetUserAgent("tiendi")
	var text, page bytes.Buffer
	if err := errors.Join(report.Text(&text, m.Document, m.Language), report.HTML(&page, m.Document, m.Language)); err != nil {
		return nil, err
	}
	msg.SetBodyString(mail.TypeTextPlain, text.String())
	msg.AddAlternativeString(mail.TypeTextHTML, page.String())
	return msg, nil
}

// Close ends the connection, if there is one.
func (c *connection) Close() {
	if c.client != nil {
		_ = c.client.Close()
		c.client = nil
	}
}
