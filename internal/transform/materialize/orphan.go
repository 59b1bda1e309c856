package materialize

import (
	"context"
	"fmt"
	"regexp"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// FeedOf is the view that a materialized_view model of that name would have.
func FeedOf(target project.Relation) project.Relation { return suffixed(target, "mv") }

// DropFeed removes the view that a relation was fed by when its model was a
// materialized_view, since it would write into whatever takes the relation's
// place. A view of that name which writes elsewhere stays.
func DropFeed(ctx context.Context, w Warehouse, cluster string, target project.Relation) error {
	feed := FeedOf(target)
	to := "\\sTO `?" + regexp.QuoteMeta(target.Schema) + "`?\\.`?" + regexp.QuoteMeta(target.Identifier) + "`?[\\s(]"
	rows, err := queryStrings(ctx, w, fmt.Sprintf("SELECT match(create_table_query, %s) FROM system.tables WHERE database = %s AND name = %s AND engine = 'MaterializedView'",
		warehouse.Literal(to), warehouse.Literal(feed.Schema), warehouse.Literal(feed.Identifier)))
	if err != nil {
		return fmt.Errorf("look at %s: %w", Quote(feed), err)
	}
	if len(rows) == 0 || rows[0][0] != "1" {
		return nil
	}
	if _, err := w.Exec(ctx, dialect{cluster: cluster}.drop(feed)); err != nil {
		return fmt.Errorf("remove %s, which fed the model when it was a materialized_view: %w", Quote(feed), err)
	}
	return nil
}
