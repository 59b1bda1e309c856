package redis

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/cache"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

var (
	//go:embed tree.lua
	treeSource string
	//go:embed apply.lua
	applySource string
	//go:embed rebuild.lua
	rebuildSource string

	applyScript   = goredis.NewScript(treeSource + applySource)
	rebuildScript = goredis.NewScript(treeSource + rebuildSource)
)

// Target keeps the live figures. It is a sink.Target, for several partitions at
// once and from several processes.
type Target struct {
	client     *goredis.Client
	addr       string // without what is secret
	zone       *time.Location
	pieceItems int
	old, full  atomic.Uint64
}

var _ sink.Target = (*Target)(nil)

// New makes a target. It connects when it is first used, so that a stream may start
// before its Redis; an error means that the URL cannot be read.
func New(config Config) (*Target, error) {
	options, err := cache.Options(config.URL)
	if err != nil {
		return nil, err
	}
	zone := config.Zone
	if zone == nil {
		zone = time.UTC
	}
	return &Target{client: goredis.NewClient(options), addr: options.Addr, zone: zone, pieceItems: pieceItems}, nil
}

// Close hangs up.
func (t *Target) Close() error { return t.client.Close() }

// Omitted counts updates that were not written, since the process began.
type Omitted struct {
	// Old are those of days and minutes that are not kept any more, or of days that
	// were rebuilt.
	Old uint64
	// Full are those of stores, products and sources beyond their number's limit.
	Full uint64
}

// Omitted gives the counts so far.
func (t *Target) Omitted() Omitted { return Omitted{Old: t.old.Load(), Full: t.full.Load()} }

// Applied implements sink.Target.
func (t *Target) Applied(ctx context.Context, partition int) (broker.Progress, error) {
	p := broker.Progress{Partition: partition}
	text, err := t.client.HGet(ctx, positionKey(partition), "progress").Bytes()
	if errors.Is(err, goredis.Nil) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	return p, t.describe(fmt.Sprintf("the position of partition %d", partition), err)
}

// Apply implements sink.Target. Publications that are too much for one call go in
// several, and the position moves with the last. What a process leaves that dies
// between two is mended by repeating: windows are fenced by their revision, and a
// partition's number of live sessions is what each publication says, in their order, so
// that a repetition ends where the log does. Nobody else comes between two calls unseen,
// nor does a restored or emptied Redis: each call looks for the mark of the last.
func (t *Target) Apply(ctx context.Context, from, to broker.Progress, publications []*record.Publication) error {
	doing := fmt.Sprintf("partition %d up to offset %d", to.Partition, to.Next)
	g := gather(publications)
	if err := t.mergeVisitors(ctx, g); err != nil {
		return t.explain(doing, &from, err)
	}
	pieces, err := g.pieces(t.zone, t.pieceItems)
	if err != nil {
		return fmt.Errorf("%s for Redis: %w", doing, err)
	}
	progress, err := json.Marshal(&to)
	if err != nil {
		return fmt.Errorf("%s for Redis: %w", doing, err)
	}
	watermark := ""
	if !g.watermark.IsZero() {
		watermark = strconv.FormatInt(g.watermark.UnixMilli(), 10)
	}
	run, mark := rand.Text(), ""
	for i, p := range pieces {
		before := mark
		if mark = run + strconv.Itoa(i); i == len(pieces)-1 {
			mark = ""
		}
		args := p.args(at(&from), before, mark, at(&to), progress, to.Partition, watermark)
		if err := t.run(ctx, to.Partition, args); err != nil {
			return t.explain(doing, &from, err)
		}
	}
	return nil
}

// run performs one piece.
func (t *Target) run(ctx context.Context, partition int, args []any) error {
	reply, err := applyScript.Run(ctx, t.client, []string{positionKey(partition)}, args...).Uint64Slice()
	if err != nil {
		return err
	}
	t.old.Add(reply[1])
	t.full.Add(reply[2])
	if reply[0] == 0 {
		return sink.ErrMoved
	}
	return nil
}

func (t *Target) explain(doing string, from *broker.Progress, err error) error {
	if errors.Is(err, sink.ErrMoved) {
		return fmt.Errorf("%s in Redis at %s, from offset %d: %w", doing, t.addr, from.Next, err)
	}
	if errors.Is(err, record.ErrFormat) {
		return fmt.Errorf("%s for Redis: %w", doing, err)
	}
	return t.describe(doing, err)
}
