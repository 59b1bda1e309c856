package cdc

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"testing/iotest"
)

// copyLine writes a row as PostgreSQL's COPY does.
func copyLine(row [][]byte) []byte {
	var line []byte
	for i, value := range row {
		if i > 0 {
			line = append(line, '\t')
		}
		if value == nil {
			line = append(line, `\N`...)
			continue
		}
		for _, b := range value {
			if at := bytes.IndexByte([]byte("\b\f\n\r\t\v\\"), b); at >= 0 {
				line = append(line, '\\', `bfnrtv\`[at])
			} else {
				line = append(line, b)
			}
		}
	}
	return line
}

func randomRow(r *rand.Rand) [][]byte {
	row := make([][]byte, 1+r.IntN(6))
	for i := range row {
		if r.IntN(4) == 0 {
			continue
		}
		row[i] = []byte{}
		for range r.IntN(8) {
			row[i] = append(row[i], "aN\\\t\n\r\b\f\v \xc3\xb1x7"[r.IntN(14)])
		}
	}
	return row
}

func TestLinesOfCopy(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		want := randomRow(r)
		got, err := splitLine(copyLine(want), nil)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %q, want %q (%v)", got, want, err)
		}
	}
}

// TestEscapesOfCopy are those of PostgreSQL's documentation, some of which it reads and
// does not write.
func TestEscapesOfCopy(t *testing.T) {
	for line, want := range map[string]string{
		`\\N`: `\N`, `a\tb`: "a\tb", `\x41\x4a4`: "AJ4", `\101\1012`: "AA2", `\x`: "x", `\q\.`: "q.", `\18`: "\x018", `\\\\`: `\\`, `N`: "N",
	} {
		got, err := splitLine([]byte(line), nil)
		if err != nil || len(got) != 1 || string(got[0]) != want {
			t.Errorf("%s is %q, want %q (%v)", line, got, want, err)
		}
	}
	if _, err := splitLine([]byte(`a\`), nil); err == nil {
		t.Error("a backslash at the end is taken")
	}
}

func TestLinesInPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var text []byte
	var want [][][]byte
	for range 200 {
		row := randomRow(r)
		want, text = append(want, row), append(append(text, copyLine(row)...), '\n')
	}
	var got [][][]byte
	l := &lines{each: func(line []byte) error {
		row, err := splitLine(bytes.Clone(line), nil)
		got = append(got, row)
		return err
	}}
	pieces := iotest.OneByteReader(bytes.NewReader(text))
	buffer := make([]byte, 10)
	for {
		n, err := pieces.Read(buffer)
		if err != nil {
			break
		}
		if _, err := l.Write(buffer[:n]); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %d rows, want %d", len(got), len(want))
	}
}

func TestALineTooLong(t *testing.T) {
	l := &lines{each: func([]byte) error { return nil }}
	piece := bytes.Repeat([]byte{'x'}, maxLine/4)
	var err error
	for n := 0; n < 6 && err == nil; n++ {
		_, err = l.Write(piece)
	}
	if err == nil {
		t.Error("a row without an end is held whole")
	}
}

func FuzzSplitLine(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 10 {
		f.Add(copyLine(randomRow(r)))
	}
	f.Add([]byte(`\x\0\777\N`))
	f.Fuzz(func(t *testing.T, line []byte) {
		was := bytes.Clone(line)
		row, err := splitLine(line, nil)
		if err != nil {
			return
		}
		if len(row) != bytes.Count(was, []byte{'\t'})+1 {
			t.Fatalf("%q has %d values", was, len(row))
		}
		again, err := splitLine(copyLine(row), nil)
		if err != nil || fmt.Sprintf("%q", again) != fmt.Sprintf("%q", row) {
			t.Fatalf("%q is %q, and written and read again %q (%v)", was, row, again, err)
		}
	})
}

func BenchmarkSplitLine(b *testing.B) {
	line := []byte("0bf83601-671b-57af-a27f-0cd70d033b89\t0bf83601-671b-57af-a27f-0cd70d033b89\t0bf83601-671b-57af-a27f-0cd70d033b89\tENTREGADO\t12.50\t5.90\t18.40\tcredit_card\t2026-08-25 10:11:12+00\t2026-08-25 10:11:12+00")
	b.SetBytes(int64(len(line)))
	var row [][]byte
	for b.Loop() {
		row, _ = splitLine(line, row[:0])
	}
}
