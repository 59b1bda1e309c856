package jinja

import (
	"strconv"
	"strings"
)

// strFormat runs one str.format.
type strFormat struct {
	st     *state
	args   []Value
	kwargs []Kwarg
	auto   int
	manual bool
}

// formatStr is str.format; fields reach attributes and items by the rules of
// the sandbox.
func formatStr(st *state, s string, args []Value, kwargs []Kwarg) (string, error) {
	f := &strFormat{st: st, args: args, kwargs: kwargs}
	return f.run(s, 2)
}

func (f *strFormat) run(s string, depth int) (string, error) {
	if depth < 0 {
		return "", raise(ValueError, "Max string recursion exceeded")
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '{' && c != '}' {
			out = append(out, c)
			continue
		}
		if i+1 < len(s) && s[i+1] == c {
			out = append(out, c)
			i++
			continue
		}
		if c == '}' {
			return "", raise(ValueError, "Single '}' encountered in format string")
		}
		end := fieldEnd(s, i+1)
		if end < 0 {
			if i+1 == len(s) {
				return "", raise(ValueError, "Single '{' encountered in format string")
			}
			return "", raise(ValueError, "expected '}' before end of string")
		}
		text, err := f.field(s[i+1:end], depth)
		if err == nil {
			err = f.st.bytes(len(out) + len(text))
		}
		if err != nil {
			return "", err
		}
		out = append(out, text...)
		i = end
	}
	return string(out), nil
}

// fieldEnd finds the } that closes a field.
func fieldEnd(s string, i int) int {
	for depth := 1; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// field formats name!conversion:spec.
func (f *strFormat) field(s string, depth int) (string, error) {
	name, spec := s, ""
	conversion := byte(0)
	if i := strings.IndexAny(s, "!:"); i >= 0 {
		name = s[:i]
		rest := s[i:]
		if rest[0] == '!' {
			if len(rest) < 2 || len(rest) > 2 && rest[2] != ':' {
				return "", raise(ValueError, "expected ':' after conversion specifier")
			}
			conversion, rest = rest[1], rest[2:]
		}
		spec = strings.TrimPrefix(rest, ":")
	}
	v, err := f.lookup(name)
	if err != nil {
		return "", err
	}
	switch conversion {
	case 0:
	case 's':
		var text string
		if text, err = f.st.str(v); err != nil {
			return "", err
		}
		v = Str(text)
	case 'r', 'a':
		v = Str(mustRepr(v))
	default:
		return "", raise(ValueError, "Unknown conversion specifier '%c'", conversion)
	}
	if spec, err = f.run(spec, depth-1); err != nil {
		return "", err
	}
	return f.st.formatValue(v, spec)
}

// lookup finds the value of 0.name[key].
func (f *strFormat) lookup(path string) (Value, error) {
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	v, err := f.first(path[:end])
	for rest := path[end:]; rest != "" && err == nil; {
		if rest[0] == '.' {
			end := strings.IndexAny(rest[1:], ".[") + 1
			if end == 0 {
				end = len(rest)
			}
			v, err = f.st.getAttr(v, rest[1:end])
			rest = rest[end:]
			continue
		}
		end := strings.IndexByte(rest, ']')
		if rest[0] != '[' || end < 0 {
			return nil, raise(ValueError, "Missing ']' in format string")
		}
		key := Value(Str(rest[1:end]))
		if n, e := strconv.Atoi(rest[1:end]); e == nil {
			key = Int(n)
		}
		v, err = f.st.getItem(v, key)
		rest = rest[end+1:]
	}
	return v, err
}

func (f *strFormat) first(name string) (Value, error) {
	n, err := strconv.Atoi(name)
	if name == "" {
		if f.manual {
			return nil, raise(ValueError, "cannot switch from manual field specification to automatic field numbering")
		}
		n, err = f.auto, nil
		f.auto++
	} else if err == nil {
		if f.auto > 0 {
			return nil, raise(ValueError, "cannot switch from automatic field numbering to manual field specification")
		}
		f.manual = true
	}
	if err == nil {
		if n < 0 || n >= len(f.args) {
			return nil, raise(ValueError, "Replacement index %d out of range for positional args tuple", n)
		}
		return f.args[n], nil
	}
	for _, k := range f.kwargs {
		if k.Name == name {
			return k.Value, nil
		}
	}
	return nil, raise(ValueError, "%s", reprStr(name))
}
