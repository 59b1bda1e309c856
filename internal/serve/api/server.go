package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/singleflight"

	"github.com/tiendi/tiendi/internal/serve/auth"
	"github.com/tiendi/tiendi/internal/serve/dashboard"
)

const (
	maxHeaderBytes = 96 << 10 // a token may be 64 KB
	headerTimeout  = 5 * time.Second
	readTimeout    = 10 * time.Second
	idleTimeout    = 2 * time.Minute
	drainTimeout   = 30 * time.Second
)

// Server answers questions.
type Server struct {
	options     Options
	limits      Limits
	tenants     *tenants
	tokens      *tokens
	addresses   *addresses
	near        *near
	tables      *tables
	last        lastDays
	searches    searches
	flights     singleflight.Group // searches under way
	definitions string             // what the metrics mean
	metrics     serverMetrics
	stopping    chan struct{}
}

type serverMetrics struct{ requests *prometheus.HistogramVec }

// New makes a server.
func New(o Options) (*Server, error) {
	s := &Server{options: o, limits: o.Limits.withDefaults(), stopping: make(chan struct{})}
	var err error
	if s.addresses, err = newAddresses(o); err != nil {
		return nil, err
	}
	if s.near, err = newNear(nearBytes); err != nil {
		return nil, err
	}
	s.tenants = newTenants(s.limits, o.Clock)
	s.tokens = &tokens{verifier: o.Verifier, clock: o.Clock, known: map[[32]byte]knownToken{}}
	s.tables = &tables{options: &s.options, names: o.Tables}
	s.searches.tables = &tables{options: &s.options, names: o.Searched}
	s.metrics.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "tiendi_serve_request_duration_seconds", Help: "requests by route and what was answered",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	}, []string{"route", "status"})
	if err := o.Registry.Register(s.metrics.requests); err != nil {
		return nil, err
	}
	s.definitions, err = definitionsOf(o.Metrics)
	return s, err
}

// route is an endpoint for those whose token has a scope.
type route struct {
	pattern string
	scope   auth.Scope
	answer  func(*call) error
	byLink  bool // the token is in the address, and nowhere else
}

func (s *Server) routes() []route {
	return []route{
		{"GET /v1/me", auth.Metrics, s.whoami, false},
		{"GET /v1/metrics", auth.Metrics, s.catalogue, false},
		{"GET /v1/metrics/{name}", auth.Metrics, s.metric, false},
		{"GET /v1/query", auth.Metrics, s.query, false},
		{"POST /v1/query", auth.Metrics, s.query, false},
		{"GET /v1/live", auth.Live, s.live, false},
		{"GET /v1/live/stream", auth.Live, s.stream, false},
		{"GET " + suggestionsPath, auth.Recommendations, s.suggest, false},
		{"GET /v1/benchmark", auth.Metrics, s.benchmark, false},
		{"GET /v1/anomalies", auth.Metrics, s.anomalies, false},
		{"GET /v1/reports", auth.Reports, s.reports, false},
		{"GET /v1/reports/{kind}", auth.Reports, s.report, false},
		{"GET /v1/dashboards", auth.Metrics, s.dashboards, false},
		{"GET /v1/embed", auth.Embedded, s.embedded, false},
		{"GET " + embedPath, auth.Embedded, s.embedPage, true},
	}
}

// Handler is what Run serves.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.HandleFunc(r.pattern, s.endpoint(r))
	}
	mux.HandleFunc("/v1/", unknown(mux))
	mux.HandleFunc("GET /openapi.json", openAPI)
	mux.Handle("/", dashboard.Handler(s.frames()))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, `{"status":"ok"}`) })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.options.Registry, promhttp.HandlerOpts{}))
	return s.around(mux)
}

// around sets what every answer has, and lets pages of the listed origins ask.
func (s *Server) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Add("Vary", "Origin")
			if slices.Contains(s.options.Origins, origin) || slices.Contains(s.options.Origins, "*") {
				letRead(h, origin)
			}
		}
		if r.Method == http.MethodOptions && strings.HasPrefix(r.URL.Path, "/v1/") {
			if r.URL.Path == suggestionsPath && r.Header.Get("Origin") != "" {
				letRead(h, r.Header.Get("Origin")) // its token, which is not here yet, may name it
			}
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match")
			h.Set("Access-Control-Max-Age", "7200")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// letRead lets a page of that origin read the answer.
func letRead(h http.Header, origin string) {
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-Id, X-Next-Cursor")
}

// ready says whether questions would be answered.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.stopping:
		http.Error(w, `{"status":"stopping"}`, http.StatusServiceUnavailable)
		return
	default:
	}
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if _, err := s.tables.now(ctx); err != nil {
		http.Error(w, `{"status":"the warehouse does not answer"}`, http.StatusServiceUnavailable)
		return
	}
	_, _ = fmt.Fprintln(w, `{"status":"ready"}`)
}

// Run serves on the listener until the context ends. It then takes no more, ends live
// streams and answers what is under way. The listener is closed in any case.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		WriteTimeout: s.limits.Duration + 30*time.Second, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(s.options.Log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("API on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	close(s.stopping)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	err := server.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		s.options.Log.Warn("requests were cut off: they took longer than the time to drain", "limit", drainTimeout)
		err = server.Close()
	}
	<-ended
	return err
}
