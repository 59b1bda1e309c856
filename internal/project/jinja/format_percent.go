package jinja

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"
)

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
	f := formatSpec{fill: " ", prec: -1, sign: '-'}
	var v Value
	var err error
	if strings.HasPrefix(s, "(") {
		if v, s, err = p.keyed(s); err != nil {
			return "", err
		}
	}
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
	if s[0] == '%' {
		p.out = append(p.out, '%')
		return s[1:], nil
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

func (p *percent) convert(f *formatSpec, v Value, s string) (string, error) {
	switch f.verb {
	case 's', 'r', 'a':
		return p.text(f, v)
	case 'd', 'i', 'u', 'o', 'x', 'X':
		return p.integer(f, v)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		if u, ok := v.(*Undefined); ok {
			return "", u.err()
		}
		if !isNumber(v) {
			return "", raise(TypeError, "must be real number, not %s", v.Type())
		}
		x, err := toFloat(v)
		if err != nil {
			return "", err
		}
		p.zeroFill(f)
		return f.float(x)
	case 'c':
		if text, ok := textOf(v); ok && utf8.RuneCountInString(text) == 1 {
			return f.fit("", text, '>'), nil
		}
		if n, ok := smallInt(v); ok && n >= 0 && n <= utf8.MaxRune {
			return f.fit("", string(rune(n)), '>'), nil
		}
		return "", raise(TypeError, "%%c requires int or char")
	}
	r, _ := utf8.DecodeRuneInString(s)
	return "", raise(ValueError, "unsupported format character %s (0x%x) at index %d", reprStr(string(r)), r, len(p.format)-len(s))
}

func (p *percent) zeroFill(f *formatSpec) {
	if f.fill == "0" {
		if f.align == '<' {
			f.fill = " "
		} else {
			f.align = '='
		}
	}
}

func (p *percent) text(f *formatSpec, v Value) (string, error) {
	var text string
	var err error
	if f.verb == 's' {
		text, err = p.st.str(v)
		if _, safe := v.(Markup); p.escape && !safe {
			text = escapeHTML(text)
		}
	} else {
		text, err = Repr(v)
	}
	if err != nil {
		return "", err
	}
	if f.prec >= 0 && utf8.RuneCountInString(text) > f.prec {
		text = string([]rune(text)[:f.prec])
	}
	f.fill = " "
	return f.fit("", text, '>'), nil
}

func (p *percent) integer(f *formatSpec, v Value) (string, error) {
	if x, ok := v.(Float); ok && strings.IndexByte("diu", f.verb) >= 0 {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return "", raise(ValueError, "cannot convert float %s to integer", reprFloat(float64(x)))
		}
		n, _ := big.NewFloat(math.Trunc(float64(x))).Int(nil)
		v = intValue(n)
	}
	if u, ok := v.(*Undefined); ok {
		return "", u.err()
	}
	if !isInt(v) {
		return "", raise(TypeError, "%%%c format: a real number is required, not %s", f.verb, v.Type())
	}
	n := bigOf(v)
	prec := f.prec
	f.prec = -1
	if f.verb == 'i' || f.verb == 'u' {
		f.verb = 'd'
	}
	p.zeroFill(f)
	if prec < 0 {
		return f.integer(n)
	}
	plain := formatSpec{fill: "0", align: '=', sign: '-', prec: -1, verb: f.verb, width: prec}
	digits, err := plain.integer(new(big.Int).Abs(n))
	return f.fit(f.signOf(n.Sign() < 0), digits, '>'), err
}
