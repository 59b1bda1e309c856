package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tiendi/tiendi/internal/jsonscan"
)

// columnsOf reads the names that a file gives its columns: a CSV's header, the
// keys of the first JSON row, a Parquet schema.
func columnsOf(path string, f Format, compression string) ([]string, error) {
	s, err := openSource(path, compression)
	if err != nil {
		return nil, plainPathError(err)
	}
	defer func() { _ = s.Close() }()
	if f == Parquet {
		return parquetColumns(s)
	}
	split := newSplitter(s.reader, f == CSV, func() []byte { return make([]byte, 0, chunkBytes) })
	if err := split.start(); err != nil {
		return nil, explainRead(err, compression)
	}
	if f == CSV {
		return csvHeader(split, compression)
	}
	return firstKeys(split.buf)
}

// explainRead says in plain words what the decompressors mean.
func explainRead(err error, compression string) error {
	if errors.Is(err, io.ErrUnexpectedEOF) && compression != "" {
		return fmt.Errorf("is cut off: the %s data end too early", compression)
	}
	if compression != "" && !errors.Is(err, errUTF16) {
		return fmt.Errorf("cannot be decompressed: %w", plainPathError(err))
	}
	return plainPathError(err)
}

var errEmpty = errors.New("is empty")

func csvHeader(split *splitter, compression string) ([]string, error) {
	if len(split.buf) == 0 {
		return nil, errEmpty
	}
	record, err := split.header()
	if err != nil {
		return nil, explainRead(err, compression)
	}
	if !utf8.Valid(record) || bytes.IndexByte(record, 0) >= 0 {
		return nil, errors.New("is not CSV: its first line is not text")
	}
	var names []string
	p := csvParser{}
	for rest, more := record, true; more; {
		var field []byte
		var ok bool
		if field, rest, more, ok = p.field(rest); !ok {
			return nil, errors.New("is not CSV: its header has wrong quotes")
		}
		name := strings.TrimSpace(string(field))
		if name == "" {
			return nil, fmt.Errorf("column %d of its header has no name", len(names)+1)
		}
		if slices.Contains(names, name) {
			return nil, fmt.Errorf("its header has the column %q twice", name)
		}
		names = append(names, name)
	}
	return names, nil
}

// firstKeys lists the keys of the first row.
func firstKeys(buf []byte) ([]string, error) {
	for line := range bytes.Lines(buf) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if line[0] != '{' {
			return nil, fmt.Errorf("is not NDJSON: its first line begins with %q, not with {", clip(string(line[:min(len(line), 20)])))
		}
		return jsonKeys(line), nil
	}
	return nil, errEmpty
}

// jsonKeys lists the top-level keys of the line, as far as it is JSON.
func jsonKeys(line []byte) (keys []string) {
	p := jsonParser{Scanner: jsonscan.Scanner{Raw: line, Mend: true}}
	if !p.Take('{') {
		return nil
	}
	for {
		p.Space()
		key, ok := p.Str()
		if !ok {
			return keys
		}
		keys = append(keys, string(key))
		p.Space()
		if !p.Take(':') {
			return keys
		}
		p.Space()
		if _, ok := p.skip(1); !ok {
			return keys
		}
		p.Space()
		if !p.Take(',') {
			return keys
		}
	}
}
