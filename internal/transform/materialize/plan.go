package materialize

// Role says what a step does to the relation that readers see.
type Role string

// The roles of steps.
const (
	Aside   Role = "aside"   // prepares tables that nobody else reads
	Main    Role = "main"    // runs the model's own query
	Swap    Role = "swap"    // changes what readers see, atomically
	Cleanup Role = "cleanup" // removes what is no longer needed
	Wait    Role = "wait"    // a query that is asked until it yields 1
)

// Step is one statement.
type Step struct {
	Role     Role
	SQL      string
	Settings map[string]any // sent with the statement
	// Or holds what to run instead when the server answers with that code:
	// the state was not (or no longer) what the planner was told.
	Or map[int]string
	// Done is a query that yields 1 if the step has taken effect. It is asked
	// when the connection broke before the answer; "" where that cannot be
	// told, or a later run makes it good.
	Done string
	// Spares is a cleanup statement of the plan that is needless once SQL
	// (and not one of Or) has run; "" for none.
	Spares string
}

// Plan is a list of steps, and what to do after them.
type Plan struct {
	Steps []Step
	// Then, when set, looks at the warehouse and plans on.
	Then *Probe
	// Cleanup removes the plan's temporary tables; run at the end of the
	// whole plan, after failures too. Its statements may be repeated.
	Cleanup []string
}

// Probe is a question whose answer decides the rest of a plan.
type Probe struct {
	SQL  string // yields rows of strings; "" asks nothing
	Next func(Answer) (Plan, error)
}

// Answer is what a Probe has found.
type Answer struct {
	Rows [][]string
}

// Strings gives the first column of the answer.
func (a Answer) Strings() []string {
	out := make([]string, len(a.Rows))
	for i, row := range a.Rows {
		out[i] = row[0]
	}
	return out
}

func step(role Role, sql string) Step { return Step{Role: role, SQL: sql} }
