package bench

import (
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/google/uuid"
)

// body is a request's, whose events are other ones each time it is sent. Writing
// over a few bytes of each costs next to nothing, so that the load is the pipeline's.
type body struct {
	text  []byte
	pages []page
	// Of its events, those that make sessions, that begin one, and that live figures
	// count.
	web, starts, counted int64
}

// page is an event of a body: where its ids and its time stand.
type page struct {
	step                       uint64 // of its visit, from 0
	event, session, user, view place
	at                         int
}

// place is where an id stands in the text, -1 for nowhere, and what it was.
type place struct {
	offset int
	id     uuid.UUID
}

// behind is the page of a line that so many bytes come before.
func (p page) behind(bytes int) page {
	for _, offset := range []*int{&p.event.offset, &p.session.offset, &p.user.offset, &p.view.offset, &p.at} {
		if *offset >= 0 {
			*offset += bytes
		}
	}
	return p
}

const timeLayout = "2006-01-02T15:04:05.000Z"

// render makes the events those of a lap, spread over the last whole second. Those of
// one visit are a lap apart, and have the ids of the lap in which it began: so as many
// visits are under way as there are in a lap, in all of their stages.
func (b *body) render(lap uint64, now time.Time) {
	mask := maskOf(lap)
	second := now.UTC().Truncate(time.Second).Add(-time.Second).Format(timeLayout)
	for i := range b.pages {
		p := &b.pages[i]
		began := maskOf(lap - p.step)
		p.event.write(b.text, mask)
		p.view.write(b.text, mask)
		p.session.write(b.text, began)
		p.user.write(b.text, began)
		at := b.text[p.at : p.at+len(timeLayout)]
		copy(at, second)
		ms := byte(i * 1000 / len(b.pages) / 10) // whole hundredths are enough
		at[20], at[21] = '0'+ms/10, '0'+ms%10
	}
}

type mask [16]byte

// maskOf is random, and the same for one number; ids stay of their version.
func maskOf(n uint64) (m mask) {
	binary.LittleEndian.PutUint64(m[:8], scatter(2*n))
	binary.LittleEndian.PutUint64(m[8:], scatter(2*n+1))
	m[6], m[8] = m[6]&0x0f, m[8]&0x3f
	return m
}

// scatter is splitmix64.
func scatter(x uint64) uint64 {
	x = (x + 1) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// write puts the masked id in its place.
func (p *place) write(text []byte, m mask) {
	if p.offset < 0 {
		return
	}
	text = text[p.offset:]
	for i, at := range digits {
		binary.LittleEndian.PutUint16(text[at:], hexadecimal[p.id[i]^m[i]])
	}
}

// digits are where each byte of an id stands in its text, and hexadecimal its two.
var (
	digits      = [16]int{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34}
	hexadecimal = func() (all [256]uint16) {
		for i := range all {
			all[i] = binary.LittleEndian.Uint16(hex.AppendEncode(nil, []byte{byte(i)}))
		}
		return all
	}()
)
