package datatest

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Warehouse is where tests are run.
type Warehouse interface {
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
}

// Spec is a test's configuration, with dbt's defaults filled in.
type Spec struct {
	FailCalc        string // an aggregate over the failing rows
	WarnIf, ErrorIf string // comparisons with it: "!= 0", "> 10"
	Severity        string // error or warn
	Limit           string // most failing rows to look at, "" for all
	Store           bool   // keep the failing rows
	StoreAs         string // table or view
}

// ReadSpec reads and checks a test's configuration.
func ReadSpec(n *project.Node) (Spec, error) {
	text := func(key, otherwise string) string {
		if v := n.Config.Values[key]; v != nil {
			return fmt.Sprint(v)
		}
		return otherwise
	}
	s := Spec{
		FailCalc: text("fail_calc", "count(*)"), WarnIf: text("warn_if", "!= 0"), ErrorIf: text("error_if", "!= 0"),
		Severity: strings.ToLower(text("severity", "error")), Limit: text("limit", ""), StoreAs: text("store_failures_as", "table"),
	}
	if s.Severity != "error" && s.Severity != "warn" {
		return s, fmt.Errorf("%s: severity %q: use error or warn", n.Place, s.Severity)
	}
	switch s.StoreAs {
	case "table", "view", "ephemeral":
	default:
		return s, fmt.Errorf("%s: store_failures_as %q: use table, view or ephemeral", n.Place, s.StoreAs)
	}
	return s, nil
}

// Stores says whether a test keeps its failing rows: store_failures_as wins
// over store_failures, and both win over the flag.
func Stores(n *project.Node, flag bool) bool {
	if as, ok := n.Config.Values["store_failures_as"].(string); ok && as != "" {
		return as != "ephemeral"
	}
	if own, ok := n.Config.Values["store_failures"].(bool); ok {
		return own
	}
	return flag
}

// Limited bounds the failing rows.
func (s Spec) Limited(sql string) string {
	if s.Limit == "" {
		return sql
	}
	return fmt.Sprintf("SELECT * FROM (\n%s\n) LIMIT %s", sql, s.Limit)
}

// SQL wraps the query of failing rows so that it counts and judges them.
func (s Spec) SQL(sql string) string {
	limit := ""
	if s.Limit != "" {
		limit = "\nLIMIT " + s.Limit
	}
	return fmt.Sprintf("SELECT\n    %[1]s AS failures,\n    %[1]s %[2]s AS should_warn,\n    %[1]s %[3]s AS should_error\nFROM (\n%[4]s%[5]s\n) dbt_internal_test",
		s.FailCalc, s.WarnIf, s.ErrorIf, sql, limit)
}

// Outcome is what a test found.
type Outcome struct {
	Verdict  string // pass, warn or fail
	Failures int64  // fail_calc
	Message  string // "Got 3 results, configured to fail if != 0"; "" when it passed
}

// Run runs a test's query.
func Run(ctx context.Context, w Warehouse, s Spec, sql string) (Outcome, error) {
	row, err := one(ctx, w, s.SQL(sql))
	if err != nil {
		return Outcome{}, err
	}
	if len(row) != 3 {
		return Outcome{}, fmt.Errorf("the test's query gave %d columns instead of 3: fail_calc, warn_if and error_if are one expression each", len(row))
	}
	failures, err := whole(row[0])
	if err != nil {
		return Outcome{}, fmt.Errorf("fail_calc %s: %w", s.FailCalc, err)
	}
	return s.judge(failures, truth(row[1]), truth(row[2])), nil
}

func (s Spec) judge(failures int64, warn, fail bool) Outcome {
	o := Outcome{Verdict: "pass", Failures: failures}
	condition := ""
	switch {
	case s.Severity == "error" && fail:
		o.Verdict, condition = "fail", "fail if "+s.ErrorIf
	case warn:
		o.Verdict, condition = "warn", "warn if "+s.WarnIf
	default:
		return o
	}
	plural := "s"
	if failures == 1 {
		plural = ""
	}
	o.Message = fmt.Sprintf("Got %d result%s, configured to %s", failures, plural, condition)
	return o
}

// one reads a result that has to be one row.
func one(ctx context.Context, w Warehouse, sql string) ([]any, error) {
	rows, err := w.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("the query gave no row")
	}
	values, err := rows.Values()
	if err != nil {
		return nil, err
	}
	if rows.Next() {
		return nil, fmt.Errorf("the query gave more than one row")
	}
	return values, rows.Err()
}

// whole reads what fail_calc gave: no value counts as 0.
func whole(v any) (int64, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case decimal.Decimal:
		return v.IntPart(), nil
	case *big.Int:
		return v.Int64(), nil
	}
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return r.Int(), nil
	case r.CanUint():
		return int64(min(r.Uint(), math.MaxInt64)), nil
	case r.CanFloat():
		return int64(r.Float()), nil
	}
	return 0, fmt.Errorf("%v is not a number", v)
}

func truth(v any) bool {
	n, err := whole(v)
	return err == nil && n != 0
}
