package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/ingest/generate"
	"github.com/tiendi/tiendi/internal/ingest/generate/oltp"
)

// toPostgres is the value of --to that is no time.
const toPostgres = "postgres"

// defaultRate is a busy shop's, in rows a second.
const defaultRate = 100

// shopOptions say what becomes of the source database.
type shopOptions struct {
	oltp.Options
	source func() (url string, err error)
	wanted bool
}

// take finds the destination among the values of --to, and gives the end of the range.
func (o *shopOptions) take(values []string) (end string, err error) {
	for _, value := range values {
		switch {
		case value == toPostgres:
			o.wanted = true
		case end != "":
			return "", fmt.Errorf("--to %s and --to %s are two ends: give one", end, value)
		default:
			end = value
		}
	}
	switch {
	case o.For < 0 || o.For > 0 && !o.wanted:
		return "", errors.New("--for is how long the source database is changed: it goes with --to postgres")
	case o.Rate < 1 || o.Rate > 1_000_000:
		return "", fmt.Errorf("--rate %d: give 1 to 1000000 rows a second", o.Rate)
	}
	return end, nil
}

// sourceURL is that of the target's source database.
func (a *App) sourceURL() (string, error) {
	dir, err := a.projectDir()
	if err != nil {
		return "", err
	}
	name, err := projectProfile(dir)
	if err != nil {
		return "", err
	}
	s, err := a.settings(name)
	if err == nil && s.CDC.URL == "" {
		err = errNoSource
	}
	return s.CDC.URL.Reveal(), err
}

// intoFolder makes a generation.
func (o *generateOptions) intoFolder(ctx context.Context, stdout io.Writer) error {
	ledger, err := generate.Run(ctx, o.Options)
	if err != nil {
		return err
	}
	return writeGenerated(stdout, o, ledger)
}

// intoShop fills the source database, if it is empty, and changes it.
func (o *generateOptions) intoShop(ctx context.Context, stdout io.Writer) error {
	url, err := o.shop.source()
	if err != nil {
		return err
	}
	conn, err := oltp.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // everything is committed
	err = oltp.Empty(ctx, conn)
	if err == nil {
		err = o.fill(ctx, conn, stdout)
	} else if errors.Is(err, oltp.ErrFilled) && o.shop.For > 0 {
		err = nil // there is something to change
	}
	if err != nil || o.shop.For == 0 {
		return err
	}
	total := max(1, int(float64(o.shop.Rate)*o.shop.For.Seconds()))
	o.shop.Now = o.now
	o.shop.Progress = func(rows int64) { o.Progress(min(int(rows), total-1), total, "Changing rows of the source database") }
	changed, err := oltp.Change(ctx, conn, o.shop.Options)
	o.Progress(total, total, "") // its line ends
	if err != nil {
		return err
	}
	return o.writeChanged(stdout, changed)
}

func (o *generateOptions) fill(ctx context.Context, conn *pgx.Conn, stdout io.Writer) error {
	if err := o.intoFolder(ctx, stdout); err != nil {
		return err
	}
	tables, err := oltp.Fill(ctx, conn, o.Out)
	if err != nil {
		return err
	}
	if o.output == "json" {
		return json.NewEncoder(stdout).Encode(map[string]any{"postgres": tables})
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "in the source database:")
	for _, t := range tables {
		fmt.Fprintf(w, "%s\t%s\n", t.Name, console.Count(t.Rows))
	}
	return w.Flush()
}

func (o *generateOptions) writeChanged(stdout io.Writer, c oltp.Changed) error {
	if o.output == "json" {
		return json.NewEncoder(stdout).Encode(map[string]any{"changed": c})
	}
	_, err := fmt.Fprintf(stdout, "changed %s rows in %s transactions: %s orders placed, %s moved on, %s prices and stocks, %s users, %s products replaced, %s subscriptions\n",
		console.Count(c.Rows), console.Count(c.Transactions), console.Count(c.Orders), console.Count(c.Statuses), console.Count(c.Prices),
		console.Count(c.Users), console.Count(c.Products), console.Count(c.Subscriptions))
	return err
}
