package semantic

import (
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// callParser reads one call in a reference: Dimension('store__city').grain('day').
type callParser struct {
	text string
	at   int
}

// argument is a text or a list of texts, by name where it was given one.
type argument struct {
	name string
	text string
	list []string
}

type call struct {
	name string
	args []argument
}

var referenceNames = []string{"Dimension", "TimeDimension", "Entity", "Metric"}

// parseReference reads what stands between the braces.
func parseReference(text string) (*reference, error) {
	p := &callParser{text: text}
	head, err := p.call()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(referenceNames, head.name) {
		return nil, wrong(spelling.Suggest(head.name, referenceNames), "unknown reference %s", head.name)
	}
	var methods []call
	for p.skip(); p.at < len(p.text) && p.text[p.at] == '.'; p.skip() {
		p.at++
		m, err := p.call()
		if err != nil {
			return nil, err
		}
		methods = append(methods, m)
	}
	if p.at < len(p.text) {
		return nil, p.fail()
	}
	return referenceOf(head, methods)
}

func (p *callParser) skip() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *callParser) fail() error {
	return wrong("write {{ Dimension('store__city') }}, {{ TimeDimension('metric_time', 'day') }}, {{ Entity('store') }} or {{ Metric('gmv', ['store']) }}",
		"a reference cannot be read: %s", excerpt(strings.TrimSpace(p.text)))
}

func (p *callParser) take(c byte) bool {
	p.skip()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *callParser) word() string {
	p.skip()
	begin := p.at
	for p.at < len(p.text) && isName("a"+p.text[p.at:p.at+1]) {
		p.at++
	}
	return p.text[begin:p.at]
}

func (p *callParser) call() (call, error) {
	c := call{name: p.word()}
	if c.name == "" || !p.take('(') {
		return c, p.fail()
	}
	for !p.take(')') {
		if len(c.args) > 0 && !p.take(',') {
			return c, p.fail()
		}
		if p.take(')') { // a comma may stand last
			break
		}
		a, err := p.argument()
		if err != nil {
			return c, err
		}
		c.args = append(c.args, a)
	}
	return c, nil
}

func (p *callParser) argument() (argument, error) {
	var a argument
	if name := p.word(); name != "" {
		if a.name = name; !p.take('=') {
			return a, p.fail()
		}
	}
	var err error
	if !p.take('[') {
		a.text, err = p.string()
		return a, err
	}
	for a.list = []string{}; !p.take(']'); {
		if len(a.list) > 0 && !p.take(',') {
			return a, p.fail()
		}
		s, err := p.string()
		if err != nil {
			return a, err
		}
		a.list = append(a.list, s)
	}
	return a, nil
}

func (p *callParser) string() (string, error) {
	p.skip()
	if p.at == len(p.text) || p.text[p.at] != '\'' && p.text[p.at] != '"' {
		return "", p.fail()
	}
	n := quotedLength(p.text[p.at:])
	if n < 0 || strings.ContainsRune(p.text[p.at:p.at+n], '\\') {
		return "", p.fail()
	}
	s := p.text[p.at+1 : p.at+n-1]
	p.at += n
	return s, nil
}
