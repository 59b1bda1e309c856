package archive

import (
	"context"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/blob"
)

// Archive is the files in a bucket. It is safe for concurrent use.
type Archive struct {
	bucket blob.Bucket
	prefix string
	keep   time.Duration
}

// New makes an archive of the objects whose names begin with a prefix, "" for all.
// Files are kept that long after the hour they belong to; 0 is for good.
func New(b blob.Bucket, prefix string, keep time.Duration) *Archive {
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	return &Archive{bucket: b, prefix: prefix, keep: keep}
}

// Write writes the file of a span, and then notes how far the archive goes. Called
// again for the same span, with the same messages, it changes nothing.
func (a *Archive) Write(ctx context.Context, s Span, p *Part) error {
	body, err := p.object(s)
	if err != nil {
		return err
	}
	if err := a.bucket.Put(ctx, a.prefix+s.file().Name(), body); err != nil {
		return err
	}
	return a.extend(ctx, s)
}
