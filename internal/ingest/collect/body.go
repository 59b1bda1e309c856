package collect

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const encodings = "gzip, zstd"

// firstRead is what a client gets of the budget before it has sent anything, and
// trusted what it gets on the word of its Content-Length.
const (
	firstRead = 16 << 10
	trusted   = 64 << 10
)

// maxWindow bounds the memory that a zstd frame may ask for: RFC 8878 wants
// 8 MiB of every decoder.
const maxWindow = 8 << 20

// zstdBuffer is what is read ahead of a packed body.
const zstdBuffer = 4 << 10

// Content types of bodies. sendBeacon sends text/plain, and so do libraries that
// want to be spared a preflight. Without a type a body is taken for JSON.
var (
	eventTypes = []string{"", "application/json", "application/x-ndjson", "application/ndjson", "application/jsonl", "text/plain"}
	jsonTypes  = []string{"", "application/json", "text/plain"}
)

// readBody reads and unpacks a body of one of the content types, no further than
// the limit. held is what it takes of the budget, after errors too.
func (c *Collector) readBody(w http.ResponseWriter, r *http.Request, types []string) (body []byte, held int64, err error) {
	if err := checkType(r, types); err != nil {
		return nil, 0, err
	}
	if r.ContentLength > int64(c.limits.BodyBytes) {
		return nil, 0, c.tooLarge()
	}
	plain, err := unpack(http.MaxBytesReader(w, r.Body, int64(c.limits.BodyBytes)), r.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, 0, c.readError(err)
	}
	defer plain.close()
	if !c.inFlight.take(plain.memory) {
		return nil, 0, inFlightFull()
	}
	held = plain.memory
	first := min(max(firstRead, int(r.ContentLength)+1), trusted)
	for {
		if len(body) == cap(body) {
			// It grows with what has come, so that one that sends slowly holds little.
			size := min(max(4*cap(body), first), c.limits.BodyBytes+1)
			if all := int(r.ContentLength) + 1; all > cap(body) && len(body) > 0 {
				size = min(size, all)
			}
			more := int64(size - cap(body))
			if !c.inFlight.take(more) {
				return nil, held, inFlightFull()
			}
			held += more
			body = append(make([]byte, 0, size), body...)
		}
		n, err := plain.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > c.limits.BodyBytes:
			return nil, held, c.tooLarge()
		case errors.Is(err, io.EOF):
			return body, held, nil
		case err != nil:
			return nil, held, c.readError(err)
		}
	}
}

func checkType(r *http.Request, types []string) error {
	header := r.Header.Get("Content-Type")
	name, _, err := mime.ParseMediaType(header)
	if header != "" && err != nil || !slices.Contains(types, name) {
		return refuse(http.StatusUnsupportedMediaType, "the content type %.80q is not taken here; send one of: %s", header, strings.Join(types[1:], ", "))
	}
	return nil
}

// plainBody reads what a body unpacks to.
type plainBody struct {
	io.Reader
	memory int64 // that unpacking takes
	close  func()
}

func unpack(packed io.Reader, encoding string) (plainBody, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return plainBody{packed, 0, func() {}}, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(packed)
		return plainBody{z, 0, func() {}}, err
	case "zstd":
		return unpackZstd(packed)
	}
	r := refuse(http.StatusUnsupportedMediaType, "the content encoding %.40q is not taken; send plain, or one of: %s", encoding, encodings)
	r.accept = encodings
	return plainBody{}, r
}

// unpackZstd takes the window that the first frame asks for, which those behind it
// cannot go beyond: a few bytes may ask for the largest one.
func unpackZstd(packed io.Reader) (plainBody, error) {
	from := bufio.NewReaderSize(packed, zstdBuffer)
	begin, err := from.Peek(zstd.HeaderMaxSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return plainBody{}, err
	}
	window := uint64(maxWindow)
	var frame zstd.Header
	if frame.Decode(begin) == nil && !frame.Skippable {
		if window = frame.WindowSize; frame.SingleSegment {
			window = frame.FrameContentSize
		}
		if frame.SingleSegment && window > maxWindow {
			return plainBody{}, &http.MaxBytesError{Limit: maxWindow}
		}
		window = min(max(window, zstd.MinWindowSize), maxWindow)
	}
	z, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		return plainBody{}, err
	}
	return plainBody{z, int64(window) + zstdBuffer, z.Close}, nil
}

func (c *Collector) tooLarge() error {
	return refuse(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes; send fewer events at once", c.limits.BodyBytes)
}

// readError says why a body could not be read.
func (c *Collector) readError(err error) error {
	var known *refusal
	var large *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &large):
		return c.tooLarge()
	case errors.As(err, &network) && network.Timeout():
		return refuse(http.StatusRequestTimeout, "the body did not come within %s", c.limits.ReadTimeout)
	}
	return refuse(http.StatusBadRequest, "the body cannot be read: %.120s; is it what Content-Encoding says?", err)
}
