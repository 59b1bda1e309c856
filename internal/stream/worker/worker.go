package worker

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/stream/enrich"
	"github.com/tiendi/tiendi/internal/stream/sink"
	"github.com/tiendi/tiendi/internal/tracing"
)

// Checkpoints keeps what tasks know. It is safe for concurrent use.
type Checkpoints interface {
	// Load gives the newest of a key; checkpoint.ErrNone where there is none.
	Load(ctx context.Context, key string, read func(checkpoint.Checkpoint, io.Reader) error) error
	// Save is checkpoint.ErrFenced where one of a higher epoch is there.
	Save(ctx context.Context, key string, c checkpoint.Checkpoint, write func(io.Writer) error) error
}

// Members is the list of the workers that are alive.
type Members interface {
	// Beat says that this one is, and gives all, in one order for everybody.
	Beat(ctx context.Context, me checkpoint.Member) ([]checkpoint.Member, error)
	// Leave takes one off the list.
	Leave(ctx context.Context, id string) error
}

// Options are what a Worker works with.
type Options struct {
	Broker      broker.Broker
	Partitions  int // of the raw topic
	Checkpoints Checkpoints
	Members     Members
	Stages      []Stage

	Enrich  *enrich.Options // of the stage of that name, and so on
	Windows func() Operator
	Session func() Operator
	Events  sink.Events
	Changes sink.Changes
	Targets map[Stage]sink.Target
	Archive Archive // of all Archives

	// Run, where it is not empty, ends each task at the mark of that run.
	Run    string
	Member checkpoint.Member // this worker
	Clock  func() time.Time
	Log    *slog.Logger
	Tracer *tracing.Tracer // nil for none
}

// beatPause is how often a worker looks who else is there.
const beatPause = 2 * time.Second

// Worker does its share of the tasks.
type Worker struct {
	options Options
	status  *status
	metrics *metrics
	turns   map[Stage]turns

	complaints complaints

	mu      sync.Mutex
	running map[Task]context.CancelFunc
	tasks   sync.WaitGroup
}

// New makes a worker. Its topics must be there. Tasks of one input read it together.
func New(o Options) *Worker {
	o.Broker = broker.FanOut(o.Broker)
	return &Worker{
		options: o, status: newStatus(o.Clock), metrics: newMetrics(), turns: newTurns(targets),
		complaints: complaints{of: map[string]*complaint{}}, running: map[Task]context.CancelFunc{},
	}
}

// Run works until the context ends, then drains: tasks write what they hold, keep
// their state and give their claims back.
func (w *Worker) Run(ctx context.Context) error {
	w.tasks.Go(func() { w.watchLag(ctx) })
	for {
		if err := w.beat(ctx); err != nil && ctx.Err() == nil {
			// The claims hold without the list; only sharing out has to wait.
			w.options.Log.Warn("the list of workers cannot be read", "err", err)
		}
		select {
		case <-time.After(beatPause):
		case <-ctx.Done():
			w.tasks.Wait()
			w.leave(context.WithoutCancel(ctx))
			return nil
		}
	}
}

// leave takes this worker off the list, so that the others need not wait until they
// miss its beat.
func (w *Worker) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, beatPause)
	defer cancel()
	if err := w.options.Members.Leave(ctx, w.options.Member.ID); err != nil {
		w.options.Log.Warn("this worker cannot be taken off the list of workers, and is missed after a while", "err", err)
	}
}

// beat takes up the tasks that fall to this worker, and lets go of the others.
func (w *Worker) beat(ctx context.Context) error {
	me := w.options.Member
	me.Status = w.status.json()
	alive, err := w.options.Members.Beat(ctx, me)
	if err != nil {
		return err
	}
	ids := make([]string, len(alive))
	for i, m := range alive {
		ids[i] = m.ID
	}
	mine := map[Task]bool{}
	for _, task := range share(tasksOf(w.options.Stages, w.options.Partitions), ids, me.ID) {
		mine[task] = true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for task, stop := range w.running {
		if !mine[task] {
			stop()
		}
	}
	for task := range mine {
		if w.running[task] == nil {
			w.start(ctx, task)
		}
	}
	return nil
}

// start needs the lock.
func (w *Worker) start(ctx context.Context, task Task) {
	ctx, stop := context.WithCancel(ctx)
	w.running[task] = stop
	w.tasks.Go(func() {
		defer func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			delete(w.running, task)
			w.status.gone(task)
		}()
		_ = w.keepAt(ctx, task) // it ends when it is told to
	})
}
