package collect

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/tiendi/tiendi/internal/broker"
)

// A record of the spool is a numbered batch:
//
//	length   4 bytes, little endian, of header and body
//	checksum 4 bytes, CRC-32C of header and body
//	checksum 4 bytes, CRC-32C of the eight bytes before
//	header   2 bytes of length, then broker.Header as text
//	body     the rest
//
// The second checksum tells a length that is wrong from a record that was never
// finished: what follows the first must not be taken for its body.
const (
	frameBytes = 12
	maxRecord  = broker.MaxBody + 1<<16
)

// What is found in place of a record.
var (
	// errTorn: the file ends inside the record. Whoever wrote it died on the way,
	// and has not answered for it.
	errTorn = errors.New("the record is not complete")
	// errDamaged: the record is not what was written.
	errDamaged = errors.New("the record is damaged")
)

func appendRecord(dst []byte, m broker.Message) []byte {
	start := len(dst)
	header := m.Header.String()
	dst = append(dst, make([]byte, frameBytes)...)
	dst = binary.LittleEndian.AppendUint16(dst, uint16(len(header)))
	dst = append(append(dst, header...), m.Body...)
	payload := dst[start+frameBytes:]
	binary.LittleEndian.PutUint32(dst[start:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(dst[start+4:], checksum(payload))
	binary.LittleEndian.PutUint32(dst[start+8:], checksum(dst[start:start+8]))
	return dst
}

func checksum(payload []byte) uint32 {
	return crc32.Checksum(payload, crc32.MakeTable(crc32.Castagnoli))
}

// readRecord reads the record at an offset of a file of that size, and says where
// the next one begins. At the file's end it gives io.EOF.
func readRecord(r io.ReaderAt, at, size int64) (m broker.Message, next int64, err error) {
	if at == size {
		return m, at, io.EOF
	}
	if size-at < frameBytes {
		return m, at, errTorn
	}
	var frame [frameBytes]byte
	if _, err := r.ReadAt(frame[:], at); err != nil {
		return m, at, err
	}
	length := int64(binary.LittleEndian.Uint32(frame[:]))
	if checksum(frame[:8]) != binary.LittleEndian.Uint32(frame[8:]) || length < 2 || length > maxRecord {
		return m, at, fmt.Errorf("%w: a length of %d bytes", errDamaged, length)
	}
	if size-at-frameBytes < length {
		return m, at, errTorn
	}
	payload := make([]byte, length)
	if _, err := r.ReadAt(payload, at+frameBytes); err != nil {
		return m, at, err
	}
	if checksum(payload) != binary.LittleEndian.Uint32(frame[4:]) {
		return m, at, fmt.Errorf("%w: the checksum is another one", errDamaged)
	}
	header := int64(binary.LittleEndian.Uint16(payload))
	if header > length-2 {
		return m, at, fmt.Errorf("%w: a header of %d bytes", errDamaged, header)
	}
	m.Header = broker.ParseHeader(string(payload[2 : 2+header]))
	m.Body = payload[2+header:]
	return m, at + frameBytes + length, nil
}
