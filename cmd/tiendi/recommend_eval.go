package main

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/recommend"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/warehouse"
)

type recommendEvalOptions struct {
	share  float64
	output string
}

func newRecommendEvalCommand(app *App) *cobra.Command {
	o := &recommendEvalOptions{}
	cmd := &cobra.Command{
		Use:   "eval",
		Short: "Hold suggestions against what shoppers did next, beside other methods",
		Long: "Learns from the visits up to a moment and asks, of each later visit, for the product that\n" +
			"came last, knowing those before it; and of each later order, for each of its items, knowing\n" +
			"the others. Every method ranks the whole catalogue. HR is how often the product stood\n" +
			"among the first ten, NDCG also counts how high; × is HR by popularity's.",
		Example: "  tiendi recommend eval\n" +
			"  tiendi recommend eval --test-share 0.1 --output json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runRecommendEval(cmd.Context(), app, o) },
	}
	cmd.Flags().Float64Var(&o.share, "test-share", 0.2, "share of the visits, the latest, to hold the suggestions against")
	cmd.Flags().StringVarP(&o.output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func runRecommendEval(ctx context.Context, app *App, o *recommendEvalOptions) error {
	if err := console.CheckFormat(o.output); err != nil {
		return err
	}
	if !(o.share > 0 && o.share < 1) {
		return fmt.Errorf("--test-share %v: give a share between 0 and 1", o.share)
	}
	s, err := app.begin(compile.Flags{Which: "compile"})
	if err != nil {
		return err
	}
	defer s.close()
	client, err := s.connect(ctx)
	if err != nil {
		return err
	}
	line := app.Console.Start("Reading the visits")
	defer line.Stop()
	schema := s.settings.Warehouse.Database
	catalogue, err := recommend.ReadCatalogue(ctx, client, schema)
	if err != nil {
		return notBuilt(err, "tiendi build")
	}
	visits, err := recommend.ReadVisits(ctx, client, schema, catalogue)
	if err != nil {
		return notBuilt(err, "tiendi build")
	}
	at, err := recommend.Cutoff(visits, o.share)
	if err != nil {
		return err
	}
	models, err := s.modelsBefore(ctx, at)
	if err != nil {
		return err
	}
	models.Catalogue = catalogue
	line.Update("Learning from the visits before %s", at.Format(time.DateTime))
	train, test := recommend.Split(visits, at)
	results, err := recommend.Evaluate(ctx, recommend.Contenders(models), train, test, catalogue.Size(), app.Now)
	if err != nil {
		return err
	}
	line.Stop()
	app.Console.Notice("Learnt from %s before %s UTC, of %s after it: %s of a session, %s of orders.",
		howMany(len(train), "visit"), at.Format(time.DateTime), howMany(catalogue.Size(), "product"),
		howMany(results[0].Sessions.Cases, "case"), howMany(results[0].Orders.Cases, "case"))
	return writeAccuracy(app.Console, o.output, results)
}

// modelsBefore compiles the project's models so that they see only what began
// before a moment. The project is read with the var, not yet for this session.
func (s *session) modelsBefore(ctx context.Context, at time.Time) (*recommend.Models, error) {
	vars := map[string]any{"affinity_before": at.UTC().Format("2006-01-02 15:04:05.000")}
	maps.Copy(vars, s.options.Vars)
	s.options.Vars = vars
	if err := s.parse(ctx); err != nil {
		return nil, err
	}
	definitions := definitions{session: s, client: s.client}
	affinity, err := definitions.model(ctx, "product_affinity")
	if err != nil {
		return nil, err
	}
	popularity, err := definitions.model(ctx, "product_popularity")
	return &recommend.Models{Warehouse: s.client, Affinity: affinity, Popularity: popularity}, err
}

// model compiles the model of that name.
// definitions finds the SQL of the project's models.
type definitions struct {
	session *session
	client  compile.Warehouse
}

func (d *definitions) model(ctx context.Context, name string) (string, error) {
	root := d.session.manifest.Project.Root().Name
	node := d.session.manifest.Nodes["model."+root+"."+name]
	if node == nil {
		return "", fmt.Errorf("the project has no model %q: suggestions come from the models of the marketplace project (tiendi init writes them)", name)
	}
	compiled, err := d.session.manifest.Compiler(d.client).Compile(ctx, node, nil)
	return compiled.SQL, err
}

// notBuilt says what to do where a table is missing.
func notBuilt(err error, command string) error {
	if warehouse.IsCode(err, warehouse.CodeUnknownTable) {
		return fmt.Errorf("%w\n  build the models first: %s", err, command)
	}
	return err
}
