// Package enrich says of an event what follows from the event alone: the country
// of its address, where the visit came from, what the visitor browses with, and
// whether that is a program. The collector, the streams and `tiendi load` share
// it, so that an event reads the same whichever way it came in.
package enrich

import (
	"fmt"
	"regexp"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/tiendi/tiendi/internal/event"
)

// Options say by what an Enricher judges.
type Options struct {
	// Bots is a regular expression over user agents, the project's var
	// bot_user_agents; "" for none.
	Bots string
	// Countries is the path of a MaxMind country or city file (.mmdb); "" for none.
	Countries string
	// Web says which types are of web events, the project's own among them; nil
	// means the built-in ones.
	Web func(event.Type) bool
}

// Extra is what an event does not hold itself.
type Extra struct {
	Country string // ISO 3166-1 alpha-2, "" where it is not known
	Source  string // of traffic: "direct", "search", "social", "referral", or the utm_source; never ""
	Bot     bool
}

// maxAgents is how many user agents are remembered. Most visitors share a few
// hundred; what a hostile client makes up pushes out older ones.
const maxAgents = 10_000

// Enricher adds to events what they do not say. It is safe for concurrent use.
type Enricher struct {
	web       func(event.Type) bool
	bots      *regexp.Regexp // nil for none
	agents    *lru.Cache[string, known]
	countries *countries // nil for none
}

// known is a user agent that has been read.
type known struct {
	Agent
	listed bool // among the project's bots
}

// New reads the country file, and compiles the expression. Its error says what to
// do.
func New(o Options) (*Enricher, error) {
	e := &Enricher{web: o.Web}
	if e.web == nil {
		e.web = event.Type.Web
	}
	var err error
	if e.agents, err = lru.New[string, known](maxAgents); err != nil {
		return nil, fmt.Errorf("remember user agents: %w", err)
	}
	if o.Bots != "" {
		if e.bots, err = botsExpression(o.Bots); err != nil {
			return nil, fmt.Errorf("var bot_user_agents: %w\n  write a regular expression as RE2 has them, such as '(?i)bot\\b|crawler'", err)
		}
	}
	if o.Countries != "" {
		if e.countries, err = openCountries(o.Countries); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// botsExpression matches as match() does in SQL: a dot stands for a newline, too.
// The text is compiled as it is first, so that errors show what was written.
func botsExpression(text string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(text); err != nil {
		return nil, err
	}
	return regexp.Compile("(?s)" + text)
}

// Enrich fills in what a web event leaves empty of device, system and browser,
// where it has a user agent, and cuts its address down to a network. The country
// is looked up before that, by the address as it stands.
//
// A server event's user agent is a server program's: it is a bot only where the
// project lists it.
func (e *Enricher) Enrich(ev *event.BaseEvent) Extra {
	at, web := &ev.Context, e.web(ev.Type)
	agent := e.read(at.UserAgent)
	extra := Extra{
		Country: e.countries.of(at.IP),
		Source:  trafficSource(at.PageURL, at.Referrer),
		Bot:     agent.listed || web && agent.Bot,
	}
	if web && at.UserAgent != "" {
		agent.Complete(at)
	}
	at.IP = anonymous(at.IP)
	return extra
}

// Agent reads a user agent.
func (e *Enricher) Agent(text string) Agent { return e.read(text).Agent }

func (e *Enricher) read(text string) known {
	if k, ok := e.agents.Get(text); ok {
		return k
	}
	k := known{Agent: readAgent(text), listed: e.bots != nil && e.bots.MatchString(text)}
	if len(text) <= maxAgentBytes {
		// A copy: the text is part of a whole event's, which must not be kept.
		e.agents.Add(string([]byte(text)), k)
	}
	return k
}

// Close gives back the country file.
func (e *Enricher) Close() error { return e.countries.close() }

// anonymous spares the copy of an address that is a network already.
func anonymous(ip string) string {
	var space [64]byte
	if network := event.AppendAnonymousIP(space[:0], []byte(ip)); string(network) != ip {
		return string(network)
	}
	return ip
}
