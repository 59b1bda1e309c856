package cdc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pglogrepl"

	"github.com/tiendi/tiendi/internal/change"
)

// pgoutput writes messages as PostgreSQL's plugin does.
type pgoutput struct{ b []byte }

func (p *pgoutput) u8(v byte)     { p.b = append(p.b, v) }
func (p *pgoutput) u16(v uint16)  { p.b = binary.BigEndian.AppendUint16(p.b, v) }
func (p *pgoutput) u32(v uint32)  { p.b = binary.BigEndian.AppendUint32(p.b, v) }
func (p *pgoutput) u64(v uint64)  { p.b = binary.BigEndian.AppendUint64(p.b, v) }
func (p *pgoutput) text(s string) { p.b = append(append(p.b, s...), 0) }

func begin(lsn uint64) []byte {
	p := &pgoutput{}
	p.u8('B')
	p.u64(lsn)
	p.u64(1_000_000) // a second after 2000
	p.u32(77)
	return p.b
}

func commit(lsn, end uint64) []byte {
	p := &pgoutput{}
	p.u8('C')
	p.u8(0)
	p.u64(lsn)
	p.u64(end)
	p.u64(1_000_000)
	return p.b
}

// described writes a relation: columns are names, those of the identity with a star.
func described(oid uint32, name string, identity byte, columns ...string) []byte {
	p := &pgoutput{}
	p.u8('R')
	p.u32(oid)
	p.text("public")
	p.text(name)
	p.u8(identity)
	p.u16(uint16(len(columns)))
	for _, c := range columns {
		flags := byte(0)
		if c[0] == '*' {
			flags, c = 1, c[1:]
		}
		p.u8(flags)
		p.text(c)
		p.u32(25)
		p.u32(0xffffffff)
	}
	return p.b
}

// row writes a tuple: "-" is NULL, "?" a value that did not change.
func (p *pgoutput) row(kind byte, values ...string) {
	p.u8(kind)
	p.u16(uint16(len(values)))
	for _, v := range values {
		switch v {
		case "-":
			p.u8('n')
		case "?":
			p.u8('u')
		default:
			p.u8('t')
			p.u32(uint32(len(v)))
			p.b = append(p.b, v...)
		}
	}
}

func message(kind byte, oid uint32, rows ...func(*pgoutput)) []byte {
	p := &pgoutput{}
	p.u8(kind)
	p.u32(oid)
	for _, r := range rows {
		r(p)
	}
	return p.b
}

func tupleOf(kind byte, values ...string) func(*pgoutput) {
	return func(p *pgoutput) { p.row(kind, values...) }
}

func truncated(oids ...uint32) []byte {
	p := &pgoutput{}
	p.u8('T')
	p.u32(uint32(len(oids)))
	p.u8(0)
	for _, oid := range oids {
		p.u32(oid)
	}
	return p.b
}

// recorder is a decoder of one table, t(id key, v, w), and what it has said.
func recorder() (*decoder, *[]string) {
	var said []string
	d := newDecoder(map[TableName][]change.Column{{"public", "t"}: {{Name: "id", Type: 25, Key: true}, {Name: "v", Type: 25}, {Name: "w", Type: 25}}},
		func(TableName) bool { return false })
	d.emit = func(c *change.Change, absent []int) error {
		text := fmt.Sprintf("%c %d.%d", c.Op, c.Version.LSN, c.Version.Sequence)
		for _, value := range c.Row {
			if value == nil {
				text += " -"
			} else {
				text += fmt.Sprintf(" %q", value)
			}
		}
		if len(absent) > 0 {
			text += fmt.Sprint(" absent ", absent)
		}
		said = append(said, text)
		return nil
	}
	d.described = func(name TableName, columns []change.Column, _ pglogrepl.LSN) {
		said = append(said, fmt.Sprintf("%s has %d columns", name, len(columns)))
	}
	return d, &said
}

func TestDecoding(t *testing.T) {
	const oid, other = 7, 8
	for name, c := range map[string]struct {
		messages [][]byte
		want     []string
	}{
		"insert": {[][]byte{message('I', oid, tupleOf('N', "1", "", "-"))}, []string{`i 50.1 "1" "" -`}},
		"update": {[][]byte{message('U', oid, tupleOf('N', "1", "a", "b"))}, []string{`u 50.2 "1" "a" "b"`}},
		"update, unchanged value": {[][]byte{message('U', oid, tupleOf('N', "1", "a", "?"))},
			[]string{`u 50.2 "1" "a" - absent [2]`}},
		"update, old key the same": {[][]byte{message('U', oid, tupleOf('K', "1", "-", "-"), tupleOf('N', "1", "a", "?"))},
			[]string{`u 50.2 "1" "a" - absent [2]`}},
		"update, key itself unchanged and large": {[][]byte{message('U', oid, tupleOf('K', "1", "-", "-"), tupleOf('N', "?", "a", "b"))},
			[]string{`u 50.2 "1" "a" "b"`}},
		"update, whole old row": {[][]byte{message('U', oid, tupleOf('O', "1", "a", "large"), tupleOf('N', "1", "b", "?"))},
			[]string{`u 50.2 "1" "b" "large"`}},
		"update of a key": {[][]byte{message('U', oid, tupleOf('K', "1", "-", "-"), tupleOf('N', "2", "a", "b"))},
			[]string{`d 50.1 "1" - -`, `i 50.2 "2" "a" "b"`}},
		"update of a key, whole old row": {[][]byte{message('U', oid, tupleOf('O', "1", "a", "large"), tupleOf('N', "2", "a", "?"))},
			[]string{`d 50.1 "1" - -`, `i 50.2 "2" "a" "large"`}},
		"delete by key":       {[][]byte{message('D', oid, tupleOf('K', "1", "-", "-"))}, []string{`d 50.1 "1" - -`}},
		"delete by whole row": {[][]byte{message('D', oid, tupleOf('O', "1", "a", "b"))}, []string{`d 50.1 "1" - -`}},
		"truncate":            {[][]byte{truncated(other, oid)}, []string{`t 50.2`}},
		"numbers count tables that are not mirrored": {
			[][]byte{message('I', other, tupleOf('N', "1")), message('U', other, tupleOf('N', "1")), message('D', oid, tupleOf('K', "1", "-", "-"))},
			[]string{`d 50.4 "1" - -`}},
		"types and messages": {[][]byte{{'Y', 0}, {'M', 0}, {'O', 0}}, nil},
	} {
		d, said := recorder()
		all := append([][]byte{begin(50), described(oid, "t", 'd', "*id", "v", "w"), described(other, "other", 'd', "*id")}, c.messages...)
		for _, m := range append(all, commit(50, 60)) {
			if err := d.message(m); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if fmt.Sprint(*said) != fmt.Sprint(c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, *said, c.want)
		}
		if d.end != 60 || d.begun {
			t.Errorf("%s: end %d, begun %v", name, d.end, d.begun)
		}
	}
}

func TestDamagedMessages(t *testing.T) {
	for name, messages := range map[string][][]byte{
		"nothing":               {{}},
		"unknown":               {{'?'}},
		"outside a transaction": {described(7, "t", 'd', "*id", "v", "w"), message('I', 7, tupleOf('N', "1", "a", "b"))},
		"unknown relation":      {begin(1), message('I', 9, tupleOf('N', "1"))},
		"too few values":        {begin(1), described(7, "t", 'd', "*id", "v", "w"), message('I', 7, tupleOf('N', "1"))},
		"no key":                {begin(1), described(7, "t", 'd', "*id", "v", "w"), message('D', 7, tupleOf('K', "-", "-", "-"))},
		"key unchanged and not there": {begin(1), described(7, "t", 'd', "*id", "v", "w"),
			message('U', 7, tupleOf('N', "?", "a", "b"))},
		"cut off":        {begin(1)[:10]},
		"value cut off":  {begin(1), described(7, "t", 'd', "*id", "v", "w"), message('I', 7, tupleOf('N', "1", "a", "bcd"))[:24]},
		"far too many":   {begin(1), described(7, "t", 'd', "*id", "v", "w"), append(truncated(), 0xff, 0xff)},
		"truncate a lot": {begin(1), {'T', 0xff, 0xff, 0xff, 0xff, 0}},
	} {
		d, _ := recorder()
		var err error
		for _, m := range messages {
			err = errors.Join(err, d.message(m))
		}
		if name == "far too many" { // bytes behind a message are a later version's
			continue
		}
		if !errors.Is(err, errMessage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, m := range [][]byte{
		message('I', 7, tupleOf('N', "1", "a", "-")), message('U', 7, tupleOf('K', "1", "-", "-"), tupleOf('N', "2", "a", "?")),
		message('U', 7, tupleOf('O', "1", "a", "b"), tupleOf('N', "1", "?", "?")), message('D', 7, tupleOf('K', "1", "-", "-")),
		truncated(7), described(7, "t", 'f', "*id", "*v", "*w", "x"), described(7, "t", 'n', "id"), begin(1), commit(1, 2),
	} {
		f.Add(m)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, said := recorder()
		for _, m := range [][]byte{begin(1), described(7, "t", 'd', "*id", "v", "w")} {
			if err := d.message(m); err != nil {
				t.Fatal(err)
			}
		}
		err := d.message(data)
		if errors.Is(err, errMessage) && len(*said) > 1 && data[0] != 'T' {
			t.Fatalf("a message that cannot be read gave %q", *said)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	d, _ := recorder()
	d.emit = func(*change.Change, []int) error { return nil }
	for _, m := range [][]byte{begin(1), described(7, "t", 'd', "*id", "v", "w")} {
		if err := d.message(m); err != nil {
			b.Fatal(err)
		}
	}
	m := message('U', 7, tupleOf('N', "0bf83601-671b-57af-a27f-0cd70d033b89", "ENTREGADO", "12.50"))
	b.ReportAllocs()
	for b.Loop() {
		if err := d.message(m); err != nil {
			b.Fatal(err)
		}
	}
}
