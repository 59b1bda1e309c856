package jinja

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"
)

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
