package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/serve/api"
	"github.com/tiendi/tiendi/internal/serve/auth"
	"github.com/tiendi/tiendi/internal/serve/cohort"
	"github.com/tiendi/tiendi/internal/serve/live"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

// defaultServeListen is where the API of a laptop listens.
const defaultServeListen = "127.0.0.1:8090"

// newServeCommand makes `tiendi serve`: a server that runs until it is told to stop.
func newServeCommand(app *App) *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer questions about metrics over HTTP",
		Long: "Serves the metrics of the project and the live figures of the streams: to vendors their own\n" +
			"stores', to administrators the platform's, by the token that each request carries.\n" +
			"/openapi.json describes it; /healthz, /readyz and /metrics say how it is doing.\n\n" +
			"Whose tokens are believed, and how much a tenant may ask, is the target's, in profiles.yaml\n" +
			"below serve:. Without that, on 127.0.0.1 alone, those of `tiendi token` are.",
		Example: "  tiendi serve                                   # on " + defaultServeListen + ", for this machine\n" +
			"  tiendi serve --target prod --log-format json   # as profiles.yaml says\n" +
			"  curl -H \"Authorization: Bearer $(tiendi token)\" '127.0.0.1:8090/v1/query?metrics=gmv,orders&group_by=metric_time__month'",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runServe(cmd.Context(), app, listen) },
	}
	cmd.Flags().StringVar(&listen, "listen", "", "host:port to listen on (default: the target's serve.listen, or "+defaultServeListen+")")
	return cmd
}

func runServe(ctx context.Context, app *App, listen string) (err error) {
	begin := &setUp{told: ctx}
	defer begin.excuse(&err)
	services := untilLost(ctx)
	defer services.stop()
	ctx = services.ctx
	s, err := app.open(ctx, compile.Flags{Which: "serve"})
	if err != nil {
		return err
	}
	defer s.close()
	s.leased = services.on
	address := cmp.Or(listen, s.settings.Serve.Listen, defaultServeListen)
	tokens, err := app.tokenOptions(s.settings.Serve, address)
	if err != nil {
		return err
	}
	verifier, err := auth.New(ctx, tokens)
	if err != nil {
		return fmt.Errorf("%w\n  see serve in profiles.yaml, and docs/api.md", err)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("%w\n  choose another address with --listen", err)
	}
	defer listener.Close() // Run does, where it comes to that
	options, closing, err := s.serveOptions(ctx, verifier)
	defer closing()
	if err != nil {
		return err
	}
	server, err := api.New(options)
	if err != nil {
		return err
	}
	begin.over = true
	app.say("serving metrics", "address", "http://"+listener.Addr().String(), "metrics", len(options.Metrics.Metrics), "live", options.Live != nil)
	return errors.Join(server.Run(ctx, listener), services.lost())
}

// serveOptions wires the server to the project, the warehouse and Redis.
func (s *session) serveOptions(ctx context.Context, verifier api.Verifier) (o api.Options, closing func(), err error) {
	var open []interface{ Close() error }
	closing = func() {
		for _, c := range open {
			_ = c.Close()
		}
	}
	settings := s.settings.Serve
	o = api.Options{
		Verifier: verifier, Pulse: "orders", Category: "product__category", Cohort: settings.BenchmarkCohort, Currency: s.stringVar("currency", "USD"), Database: s.settings.Warehouse.Database, Origins: settings.Origins, Registry: prometheus.NewRegistry(),
		Limits: api.Limits{Rate: settings.RequestsPerSecond, Queries: settings.QueriesPerMinute, AddressRate: settings.RequestsPerIP},
		Clock:  s.app.Now, Log: s.app.Log,
	}
	o.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if o.Cohort != 0 && o.Cohort < cohort.Least {
		return o, closing, fmt.Errorf("serve.benchmark_cohort is %d: of fewer than %d stores, one could be told from the others", o.Cohort, cohort.Least)
	}
	if o.TrustedProxies, err = parseNetworks("serve.trusted_proxies", settings.TrustedProxies); err != nil {
		return o, closing, err
	}
	if o.Metrics, err = s.semantic(); err != nil {
		return o, closing, err
	}
	if len(o.Metrics.Metrics) == 0 {
		return o, closing, errors.New("the project has no metrics\n  tiendi init makes a project that has")
	}
	o.Tables, o.Shared = s.tablesOfMetrics(o.Metrics)
	o.Reports = servedReports{metrics: o.Metrics, schema: o.Database, currency: o.Currency}
	if o.Anomalies, o.Searched, err = s.anomalySearch(); err != nil {
		return o, closing, err
	}
	if o.Metabase, err = s.metabase(); err != nil {
		return o, closing, err
	}
	client, err := s.connect(ctx)
	if err != nil {
		return o, closing, err
	}
	o.Warehouse = client
	url := cmp.Or(s.settings.Redis.URL.Reveal(), localRedis(s.lease))
	if url == "" {
		return o, closing, nil
	}
	zone, err := s.zone()
	if err != nil {
		return o, closing, err
	}
	figures, err := live.New(url, zone)
	if err != nil {
		return o, closing, err
	}
	answers, err := api.NewRedisAnswers(url)
	if err != nil {
		return o, closing, errors.Join(err, figures.Close())
	}
	open = append(open, figures, answers)
	o.Live, o.Answers = figures, answers
	return o, closing, nil
}

// localRedis is the URL of the local services' Redis, "" where there is none.
func localRedis(lease *local.Lease) string {
	if lease == nil {
		return ""
	}
	return lease.Redis()
}

// tablesOfMetrics are those that metrics are read from, and whatever these are views of.
// The time spine is nobody's, so every vendor may read it whole.
func (s *session) tablesOfMetrics(man *semantic.Manifest) (tables, shared []string) {
	names := map[string]bool{}
	byRelation := map[string]*project.Node{}
	for _, n := range s.manifest.Nodes {
		byRelation[n.Relation.Schema+"."+n.Relation.Identifier] = n
	}
	add := func(schema, identifier string) {
		names[identifier] = true
		n := byRelation[schema+"."+identifier]
		if n == nil {
			return
		}
		for _, id := range s.manifest.Graph.Ancestors(n.UniqueID, -1) {
			if up := s.manifest.Graph.Node(id); up != nil && up.Relation.Schema == schema && up.Relation.Identifier != "" {
				names[up.Relation.Identifier] = true
			}
		}
	}
	for _, m := range man.Models {
		add(m.Schema, m.Identifier)
	}
	if spine := man.Spine; spine != nil {
		add(spine.Schema, spine.Identifier)
		shared = append(shared, spine.Identifier)
	}
	for name := range names {
		tables = append(tables, name)
	}
	slices.Sort(tables)
	return tables, shared
}
