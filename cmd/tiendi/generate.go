package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/ingest/generate"
)

type generateOptions struct {
	generate.Options
	from      string
	to        []string
	shop      shopOptions
	days      int
	compress  string
	anomalies []string
	output    string
	now       func() time.Time
}

// newGenerateCommand makes `tiendi generate`: its summary goes to stdout, and
// progress is told how far it is (done equals total when all is written). source
// gives the URL of the source database.
func newGenerateCommand(stdout io.Writer, now func() time.Time, progress generate.Progress, source func() (string, error)) *cobra.Command {
	o := &generateOptions{now: now}
	o.Progress, o.shop.source = progress, source
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Make a believable marketplace to try things on",
		Long: "Makes the tables and events of a Spanish-speaking marketplace, in the layout that\n" +
			"tiendi load reads. The same seed, dates and scale give the same bytes on any machine.\n" +
			"ledger.json beside the data says what is in it: counts, sums, sessions, by day.\n\n" +
			"Uptime is counted from probes, so a project must know how often they come: with\n" +
			"--probe-interval 5m goes the var probe_interval_minutes: 5 in dbt_project.yml.\n\n" +
			"With --to postgres the tables go into the source database, too (cdc.url of the target,\n" +
			"after tiendi cdc init), and with --for it is then changed as a shop does: orders are\n" +
			"placed and move on, prices and stock change, users sign up. A database that is filled\n" +
			"already is only changed.",
		Example: "  tiendi generate --out data                                 # 90 days up to yesterday\n" +
			"  tiendi generate --out big --events 10000000 --compress zstd\n" +
			"  tiendi generate --out data --from 2026-01-01 --to 2026-07-01 --stores 100 --users 20000\n" +
			"  tiendi generate --out data --anomaly 2026-11-10:spike --anomaly 2026-11-15:payment_failures\n" +
			"  tiendi generate --to postgres                              # and the source database\n" +
			"  tiendi generate --to postgres --for 10m --rate 500         # which then changes",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.complete(cmd.Flags().Changed("days")); err != nil {
				return err
			}
			if o.shop.wanted {
				return o.intoShop(cmd.Context(), stdout)
			}
			return o.intoFolder(cmd.Context(), stdout)
		},
	}
	o.addFlags(cmd)
	return cmd
}

func (o *generateOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.Out, "out", "data", "folder to make; an earlier generation in it is replaced")
	flags.Uint64Var(&o.Seed, "seed", 1, "number from which everything follows")
	flags.StringVar(&o.from, "from", "", "first day, UTC (default: --days before --to)")
	flags.StringArrayVar(&o.to, "to", nil, "end, exclusive: a day or an RFC 3339 time (default: today); or postgres, to fill the source database; may be given twice")
	flags.DurationVar(&o.shop.For, "for", 0, "with --to postgres: how long to go on changing the source database")
	flags.IntVar(&o.shop.Rate, "rate", defaultRate, "with --for: rows to change a second")
	flags.IntVar(&o.days, "days", generate.DefaultDays, "days up to --to, where there is no --from")
	flags.Int64Var(&o.Events, "events", 0, "about how many events the shop sends; health probes come on top (default: as many as --users send)")
	flags.IntVar(&o.Stores, "stores", 0, "stores on the first day; more open later (default: in proportion to the users)")
	flags.IntVar(&o.Users, "users", 0, fmt.Sprintf("users on the first day; more sign up later (default: in proportion to --events, or %d)", generate.DefaultUsers))
	flags.DurationVar(&o.ProbeInterval, "probe-interval", generate.DefaultProbeInterval, "time between health probes, 0 for none; the project's var probe_interval_minutes must say the same")
	flags.BoolVar(&o.History, "history", false, "write every version of each order, not its last only")
	flags.StringVar(&o.compress, "compress", string(generate.Plain), "how event files are packed: none, gzip, zstd")
	flags.StringArrayVar(&o.anomalies, "anomaly", nil, "DAY:KIND, may be repeated; kinds: "+kindList())
	flags.StringVarP(&o.output, "output", "o", "table", "summary as table, or json: the whole ledger")
}

func kindList() string {
	var names []string
	for _, kind := range generate.AnomalyKinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}

// complete turns the texts of flags into values.
func (o *generateOptions) complete(daysGiven bool) error {
	if o.output != "table" && o.output != "json" {
		return fmt.Errorf("unknown --output %q: use table or json", o.output)
	}
	to, err := o.shop.take(o.to)
	if err != nil {
		return err
	}
	if o.from != "" && daysGiven {
		return fmt.Errorf("--from and --days both say when to begin: give one of them")
	}
	if o.from == "" && o.days < 1 {
		return fmt.Errorf("--days %d: give 1 or more", o.days)
	}
	o.To = o.now().UTC().Truncate(24 * time.Hour)
	if to != "" {
		if o.To, err = parseEnd(to); err != nil {
			return err
		}
	}
	o.From = o.To.Add(-time.Nanosecond).Truncate(24*time.Hour).AddDate(0, 0, 1-o.days)
	if o.from != "" {
		if o.From, err = time.Parse(time.DateOnly, o.from); err != nil {
			return fmt.Errorf("--from %q is no day: want YYYY-MM-DD", o.from)
		}
	}
	o.Compression = generate.Compression(o.compress)
	o.Anomalies = nil
	for _, text := range o.anomalies {
		anomaly, err := generate.ParseAnomaly(text)
		if err != nil {
			return err
		}
		o.Anomalies = append(o.Anomalies, anomaly)
	}
	return nil
}

func parseEnd(text string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--to %q is no day and no time: want YYYY-MM-DD or RFC 3339", text)
	}
	return at.UTC(), nil
}

func writeGenerated(stdout io.Writer, o *generateOptions, l *generate.Ledger) error {
	if o.output == "json" {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(l)
	}
	bytes := int64(0)
	for _, f := range l.Files {
		bytes += f.Bytes
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s: %s to %s, seed %d\n", o.Out, l.From.Format(time.DateTime), l.To.Format(time.DateTime), l.Seed)
	fmt.Fprintf(w, "stores\t%s\n", console.Count(l.Tables.Stores))
	fmt.Fprintf(w, "users\t%s\n", console.Count(l.Tables.Users))
	fmt.Fprintf(w, "products\t%s in %s versions\n", console.Count(l.Tables.Products), console.Count(l.Tables.ProductVersions))
	fmt.Fprintf(w, "orders\t%s with %s items\n", console.Count(l.Tables.Orders), console.Count(l.Tables.OrderItems))
	fmt.Fprintf(w, "gmv\t%s placed, %s delivered\n", console.Thousands(l.Sales.GMV), console.Thousands(l.Sales.DeliveredGMV))
	fmt.Fprintf(w, "events\t%s, of which %s duplicates, %s late, %s of bots\n", console.Count(l.Events.Lines),
		console.Count(l.Events.Duplicates), console.Count(l.Events.Late), console.Count(l.Events.Bots))
	fmt.Fprintf(w, "sessions\t%s\n", console.Count(l.Events.Sessions))
	fmt.Fprintf(w, "files\t%d, %s before compression\n", len(l.Files), console.Bytes(bytes))
	return w.Flush()
}
