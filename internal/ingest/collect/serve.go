package collect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	maxHeaderBytes = 16 << 10
	idleTimeout    = 2 * time.Minute
)

// Run serves on the listener until the context ends. It then takes no more,
// answers what is under way, and sends or spools what it holds. The listener is
// closed in any case.
func (c *Collector) Run(ctx context.Context, listener net.Listener) error {
	stop := c.start()
	defer c.close()
	defer stop()
	server := &http.Server{
		Handler:           c.handler(),
		ReadHeaderTimeout: c.limits.HeaderTimeout, ReadTimeout: c.limits.ReadTimeout,
		WriteTimeout: c.limits.ReadTimeout + c.limits.AnswerTimeout + time.Second,
		IdleTimeout:  idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(c.options.Log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("collector on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	c.draining.Store(true)
	c.options.Log.Info("the collector is stopping: it takes no more, and answers what is under way")
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.limits.DrainTimeout)
	defer cancel()
	err := server.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		// Whoever is not answered yet sends again.
		c.options.Log.Warn("requests were cut off: they took longer than the time to drain", "limit", c.limits.DrainTimeout)
		err = server.Close()
	}
	<-ended
	return err
}

// Paths that say what was sent: see Replay.
const (
	pathEvents   = "/v1/events"
	pathWebhooks = "/v1/webhooks/"
	pathMessages = "/v1/" // of Segment's calls, then their kind
)

// kinds are Segment's calls.
var kinds = []string{"track", "page", "identify", "batch"}

func (c *Collector) handler() http.Handler {
	mux := http.NewServeMux()
	handle := func(route string, f func(*call) (*answer, error)) {
		mux.HandleFunc("POST "+route, c.endpoint(route, f))
		mux.HandleFunc("OPTIONS "+route, c.preflight)
	}
	handle(pathEvents, c.events)
	handle(pathWebhooks+"{source}", c.webhook)
	for _, kind := range kinds {
		handle(pathMessages+kind, c.tracking(kind))
	}
	mux.Handle("GET /tiendi.js", tracker())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", c.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(c.options.Metrics, promhttp.HandlerOpts{}))
	return mux
}

// ready says whether events would be taken: by the broker, or by the spool.
func (c *Collector) ready(w http.ResponseWriter, _ *http.Request) {
	switch {
	case c.draining.Load():
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "stopping"})
	case !c.backlogged():
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	case c.spool.hasRoom():
		writeJSON(w, http.StatusOK, map[string]string{"status": "spooling"})
	default:
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "the broker is away and the spool is full"})
	}
}
