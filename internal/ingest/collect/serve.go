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

func (c *Collector) handler() http.Handler {
	mux := http.NewServeMux()
	for _, e := range []struct {
		route  string
		handle func(*call) (*answer, error)
	}{
		{"/v1/events", c.events},
		{"/v1/webhooks/{source}", c.webhook},
		{"/v1/track", c.tracking("track")},
		{"/v1/page", c.tracking("page")},
		{"/v1/identify", c.tracking("identify")},
		{"/v1/batch", c.tracking("batch")},
	} {
		mux.HandleFunc("POST "+e.route, c.endpoint(e.route, e.handle))
		mux.HandleFunc("OPTIONS "+e.route, c.preflight)
	}
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
