package jinja

import "strings"

// percentValue is format % args.
func (st *state) percentValue(self Value, format string, args Value) (Value, error) {
	p := percent{st: st, format: format, args: args}
	_, p.escape = self.(Markup)
	if t, ok := args.(*Tuple); ok {
		p.tuple = t.Items
	} else {
		p.tuple = []Value{args}
		_, _, p.mapping = pairsOf(args)
		_, isList := args.(*List)
		p.mapping = p.mapping || isList
	}
	if err := p.run(); err != nil {
		return nil, err
	}
	return likeSelf(self, string(p.out)), nil
}

// percent formats one text with %.
type percent struct {
	st      *state
	format  string
	args    Value
	tuple   []Value
	used    int
	mapping bool // the argument may be left unused
	escape  bool
	out     []byte
}

func (p *percent) run() error {
	rest := p.format
	for {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			break
		}
		p.out = append(p.out, rest[:i]...)
		var err error
		if rest, err = p.directive(rest[i+1:]); err != nil {
			return err
		}
		if err = p.st.bytes(len(p.out)); err != nil {
			return err
		}
	}
	p.out = append(p.out, rest...)
	if p.used < len(p.tuple) && !(p.mapping && p.used == 0) {
		return raise(TypeError, "not all arguments converted during string formatting")
	}
	return nil
}

func (p *percent) next() (Value, error) {
	if p.used >= len(p.tuple) {
		return nil, raise(TypeError, "not enough arguments for format string")
	}
	p.used++
	return p.tuple[p.used-1], nil
}

// directive formats what follows a %, and gives the text after it.
func (p *percent) directive(s string) (string, error) {
	if strings.HasPrefix(s, "%") {
		p.out = append(p.out, '%')
		return s[1:], nil
	}
	f := formatSpec{fill: " ", prec: -1, sign: '-'}
	var v Value
	var err error
	if strings.HasPrefix(s, "(") {
		if v, s, err = p.keyed(s); err != nil {
			return "", err
		}
	}
	s = f.percentFlags(s)
	if f.width, s, err = p.number(s, 0); err != nil {
		return "", err
	}
	if strings.HasPrefix(s, ".") {
		if f.prec, s, err = p.number(s[1:], 0); err != nil {
			return "", err
		}
	}
	s = strings.TrimLeft(s, "hlL")
	if s == "" {
		return "", raise(ValueError, "incomplete format")
	}
	if v == nil {
		if v, err = p.next(); err != nil {
			return "", err
		}
	}
	f.verb = s[0]
	text, err := p.convert(&f, v, s)
	p.out = append(p.out, text...)
	return s[1:], err
}

func (p *percent) keyed(s string) (Value, string, error) {
	end := strings.IndexByte(s, ')')
	if end < 0 {
		return nil, "", raise(ValueError, "incomplete format key")
	}
	if _, _, ok := pairsOf(p.args); !ok {
		return nil, "", raise(TypeError, "format requires a mapping")
	}
	p.used, p.tuple, p.mapping = 0, nil, true
	v, err := p.st.item(p.args, Str(s[1:end]))
	if v == nil && err == nil {
		err = raise(ValueError, "%s", reprStr(s[1:end]))
	}
	return v, s[end+1:], err
}

// number reads digits or * (an argument).
func (p *percent) number(s string, otherwise int) (int, string, error) {
	if !strings.HasPrefix(s, "*") {
		return leadingInt(s, otherwise)
	}
	v, err := p.next()
	if err != nil {
		return 0, "", err
	}
	n, err := intArg(v, 0)
	if err == nil && (n < 0 || n > maxWidth) {
		err = raise(ValueError, "* wants a number up to %d", maxWidth)
	}
	return n, s[1:], err
}

// percentFlags reads the flags of a directive and gives the rest.
func (f *formatSpec) percentFlags(s string) string {
	for ; s != "" && strings.IndexByte("#0- +", s[0]) >= 0; s = s[1:] {
		switch s[0] {
		case '#':
			f.alt = true
		case '0':
			f.fill = "0"
		case '-':
			f.align = '<'
		default:
			if f.sign != '+' {
				f.sign = s[0]
			}
		}
	}
	return s
}
