package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/recommend"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newRecommendCommand(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "recommend",
		Short: "Suggest products, and measure how good the suggestions are",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(newRecommendShowCommand(app), newRecommendEvalCommand(app))
	return cmd
}

type recommendShowOptions struct {
	products      []string
	store, output string
	limit         int
}

func newRecommendShowCommand(app *App) *cobra.Command {
	o := &recommendShowOptions{}
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print what would be suggested to a visitor",
		Long: "Prints what suits a visitor who has looked at these products, the latest last: what goes\n" +
			"with them, then what is popular in the category of the latest, then what is popular.\n" +
			"It reads product_affinity and product_popularity as the last build left them.",
		Example: "  tiendi recommend show --product 6a0e0a0e-0000-5000-8000-000000000001\n" +
			"  tiendi recommend show --store 0b8c4a5e-0000-5000-8000-000000000002 --limit 5",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runRecommendShow(cmd.Context(), app, o) },
	}
	cmd.Flags().StringSliceVar(&o.products, "product", nil, "id of a product that the visitor has looked at; may be repeated, the latest last")
	cmd.Flags().StringVar(&o.store, "store", "", "id of a store whose visitors alone to learn from (default: the whole platform)")
	cmd.Flags().IntVar(&o.limit, "limit", 10, "suggestions to print, 1 to 50")
	cmd.Flags().StringVarP(&o.output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func (o *recommendShowOptions) request() (recommend.Request, error) {
	r := recommend.Request{Limit: o.limit}
	var err error
	if o.store != "" {
		if r.Store, err = uuid.Parse(o.store); err != nil {
			return r, fmt.Errorf("--store %q is no id of a store: %w", o.store, err)
		}
	}
	for _, text := range o.products {
		id, err := uuid.Parse(text)
		if err != nil {
			return r, fmt.Errorf("--product %q is no id of a product: %w", text, err)
		}
		r.Products = append(r.Products, id)
	}
	return r, console.CheckFormat(o.output)
}

func runRecommendShow(ctx context.Context, app *App, o *recommendShowOptions) error {
	request, err := o.request()
	if err != nil {
		return err
	}
	s, err := app.openConnected(ctx, compile.Flags{Which: "show"})
	if err != nil {
		return err
	}
	defer s.close()
	source := recommend.Source{Warehouse: s.client, Schema: s.settings.Warehouse.Database}
	list, err := source.Suggest(ctx, request)
	if err != nil {
		return notBuilt(err, "tiendi build -s +product_affinity +product_popularity")
	}
	if len(list) == 0 {
		return errors.New("nothing was viewed or bought yet: load data and run `tiendi build` first")
	}
	return writeSuggestions(app.Console, o.output, list)
}
