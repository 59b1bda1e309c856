package materialize

import (
	"context"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// CheckContract holds a query's columns against those that the contract
// declares: names and types must be the same, the order may differ.
func CheckContract(ctx context.Context, w Warehouse, s Spec, sql string) error {
	described, err := queryStrings(ctx, w, describe(sql))
	if err != nil {
		return &StepError{Step: step(Aside, describe(sql)), Err: err}
	}
	// The server spells types in one way: Decimal(18,2) is Decimal(18, 2).
	spelt := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		spelt[i] = fmt.Sprintf("toTypeName(defaultValueOfTypeName(%s))", warehouse.Literal(c.Type))
	}
	if len(spelt) == 0 {
		return fmt.Errorf("the contract declares no columns")
	}
	declared, err := queryStrings(ctx, w, "SELECT "+strings.Join(spelt, ", "))
	if err != nil {
		return fmt.Errorf("read the types of the contract: %w", err)
	}
	return s.breach(described, declared[0])
}

// breach words the differences, one a line.
func (s Spec) breach(described [][]string, declared []string) error {
	given := map[string]string{}
	for _, row := range described {
		given[row[0]] = row[1]
	}
	var lines []string
	for i, c := range s.Columns {
		switch t, ok := given[c.Name]; {
		case !ok:
			lines = append(lines, fmt.Sprintf("%s: declared as %s, missing in the query", c.Name, declared[i]))
		case t != declared[i]:
			lines = append(lines, fmt.Sprintf("%s: declared as %s, the query gives %s", c.Name, declared[i], t))
		}
		delete(given, c.Name)
	}
	for _, row := range described {
		if t, left := given[row[0]]; left {
			lines = append(lines, fmt.Sprintf("%s: the query gives %s, not declared", row[0], t))
		}
	}
	if lines == nil {
		return nil
	}
	return fmt.Errorf("the query breaks the model's contract:\n  %s", strings.Join(lines, "\n  "))
}
