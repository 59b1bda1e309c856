package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// ErrMissing: there is no object of that name.
var ErrMissing = errors.New("no such object")

// Object is what a listing says of an object.
type Object struct {
	Name string
	Size int64 // bytes
}

// Bucket is what a driver implements. It is safe for concurrent use. Names are as
// CheckName wants them.
type Bucket interface {
	// Put writes an object, or replaces it. Whoever reads it gets the old body or the
	// new one, also after a crash on either side. When it returns without an error,
	// the body survives a loss of power.
	Put(ctx context.Context, name string, body []byte) error
	// Open reads an object: at most length bytes from an offset on; all of it where
	// length is negative. ErrMissing where there is none. Fewer bytes than there
	// should be are an error of the reader's, and never its end.
	Open(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error)
	// List gives the objects whose names begin with a prefix, in ascending order of
	// their names' bytes.
	List(ctx context.Context, prefix string) iter.Seq2[Object, error]
	// Delete removes an object; none is no error.
	Delete(ctx context.Context, name string) error
}

// maxName is what all drivers take, in bytes.
const maxName = 512

// CheckName says what is wrong with a name. Names are letters, digits and - . _ =,
// in folders parted by slashes; no folder and no name begins with a dot.
func CheckName(name string) error {
	if name == "" || len(name) > maxName {
		return fmt.Errorf("object name %.40q: use 1 to %d bytes", name, maxName)
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part[0] == '.' || strings.Trim(part, nameBytes) != "" || len(part) > 255 {
			return fmt.Errorf("object name %q: use letters, digits and - . _ = in folders parted by slashes, none beginning with a dot", name)
		}
	}
	return nil
}

const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._="
