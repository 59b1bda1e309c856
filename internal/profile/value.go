package profile

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/spelling"
)

// value is what a setting is given: a plain value, its folder for relative
// file names.
type value struct {
	v   any    // string, bool, int64, float64, []any, map[string]any
	raw string // a number or boolean as it is written, so that 0042 stays a password
	dir string
}

func (v value) text(to *string) error {
	switch x := v.v.(type) {
	case string:
		*to = x
	case int64, float64, bool:
		*to = fmt.Sprint(x)
		if v.raw != "" {
			*to = v.raw
		}
	default:
		return fmt.Errorf("must be text, and Jinja stands in quotes")
	}
	return nil
}

func (v value) oneOf(to *string, known ...string) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	if !slices.Contains(known, text) {
		return fmt.Errorf("is %q; %s", text, spelling.Suggest(text, known))
	}
	*to = text
	return nil
}

// texts takes a list, or text with commas as the environment has it.
func (v value) texts(to *[]string) error {
	var list []string
	switch x := v.v.(type) {
	case []any:
		for _, one := range x {
			var text string
			if err := (value{v: one}).text(&text); err != nil {
				return fmt.Errorf("must be a list of texts")
			}
			list = append(list, text)
		}
	case string:
		for _, one := range strings.Split(x, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
	default:
		return fmt.Errorf("must be a list of texts")
	}
	*to = list
	return nil
}

func (v value) flag(to *bool) error {
	switch x := v.v.(type) {
	case bool:
		*to = x
		return nil
	case string:
		if on, err := strconv.ParseBool(strings.ToLower(x)); err == nil {
			*to = on
			return nil
		}
	}
	return fmt.Errorf("must be true or false")
}

func (v value) count(to *int) error {
	n, ok := v.v.(int64)
	if text, isText := v.v.(string); isText {
		parsed, err := strconv.ParseInt(text, 10, 32)
		n, ok = parsed, err == nil
	}
	if !ok || n < 1 || n > 1<<16 {
		return fmt.Errorf("must be a whole number from 1")
	}
	*to = int(n)
	return nil
}

var sizePattern = lazyregexp.New(`^[0-9]+(\.[0-9]+)? ?([KMGT]i?)?B?$`)

// size takes an amount of memory: 4GiB, 512MB, a number of bytes.
func (v value) size(to *string) error {
	var text string
	if err := v.text(&text); err != nil || !sizePattern().MatchString(text) {
		return fmt.Errorf("must be an amount of memory, such as 4GiB or 512MB")
	}
	*to = text
	return nil
}

func (v value) secret(to *Secret) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	*to = Secret(text)
	return nil
}

func (v value) file(to *string) error {
	var name string
	if err := v.text(&name); err != nil || name == "" {
		return err
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(v.dir, name)
	}
	abs, err := filepath.Abs(name)
	*to = abs
	return err
}

// secretFile takes the secret from a file, less the line's end.
func (v value) secretFile(to *Secret) error {
	var name string
	if err := v.file(&name); err != nil {
		return err
	}
	if name == "" {
		return nil
	}
	text, err := readBounded(name)
	if err != nil {
		return err
	}
	*to = Secret(strings.TrimRight(string(text), "\r\n"))
	return nil
}

func readBounded(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && info.Size() > 0 || info.IsDir() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s is no file of at most %d bytes", name, maxFile)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1)) // a device has no size
	if err == nil && len(text) > maxFile {
		return nil, fmt.Errorf("%s is no file of at most %d bytes", name, maxFile)
	}
	return text, err
}

// settings takes a mapping of plain values, or name=value,… as the
// environment has it.
func (v value) settings(to *map[string]any) error {
	out := map[string]any{}
	switch x := v.v.(type) {
	case map[string]any:
		for k, one := range x {
			switch one.(type) {
			case string, bool, int64, float64:
				out[k] = one
			default:
				return fmt.Errorf("has %s, which must be text, a number or true or false", k)
			}
		}
	case string:
		for _, pair := range strings.Split(x, ",") {
			name, text, ok := strings.Cut(pair, "=")
			if !ok || strings.TrimSpace(name) == "" {
				return fmt.Errorf("must be name=value, several separated by commas")
			}
			out[strings.TrimSpace(name)] = strings.TrimSpace(text)
		}
	default:
		return fmt.Errorf("must be a mapping of settings")
	}
	*to = out
	return nil
}
