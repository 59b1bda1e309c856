package project

// Kind is the resource type of a node, in dbt's words.
type Kind string

// The kinds of resources, as they stand in unique ids and in the manifest.
const (
	Model      Kind = "model"
	Seed       Kind = "seed"
	Test       Kind = "test"
	Source     Kind = "source"
	Analysis   Kind = "analysis"
	Exposure   Kind = "exposure"
	Metric     Kind = "metric"
	Semantic   Kind = "semantic_model"
	Operation  Kind = "operation"
	Snapshot   Kind = "snapshot"
	UnitTest   Kind = "unit_test"
	SavedQuery Kind = "saved_query"
)

// Node is one resource of a project. Reading the files fills what they say;
// parsing (internal/transform/compile) fills Refs, Sources, Config and
// DependsOn.
type Node struct {
	UniqueID string // "model.tiendi.sales_mart"
	Kind     Kind
	Package  string
	Name     string
	FQN      []string // package, folders below the resource path, name

	Root         string // absolute folder of the package
	Path         string // from Root: "models/marts/sales_mart.sql"
	PatchPath    string // the properties file that describes it, from the root of PatchPackage
	PatchPackage string // the package of that file
	Place        Place  // of its definition: the SQL file, or the YAML entry
	Raw          string // source text, Jinja not rendered; "" for sources and seeds
	Checksum     string // sha256 of Raw (of the file for seeds), hex

	// Properties is the config: block of the properties, with the legacy keys
	// beside it folded in; ResolveConfig reads it.
	Properties  map[string]any
	Config      Config // settled for sources, seeds and exposures when read, for others when parsed
	Description string // Jinja not rendered
	Columns     []Column
	Access      string           // private, protected (default), public
	Version     string           // of versioned models: "2"; "" for none
	Latest      string           // the latest version of a versioned model
	Constraints []map[string]any // model constraints of a contract

	// Relation is where it is built; zero for ephemeral models and for tests
	// that store nothing.
	Relation Relation

	Refs       []Ref
	SourceRefs []SourceRef
	MetricRefs []string // names of metrics, of exposures only
	Macros     []string // unique ids of macros it calls
	DependsOn  []string // unique ids of nodes and sources, sorted, no repeats

	Test   *TestNode   // of tests only
	Source *SourceNode // of sources only
	Extra  any         // exposures, metrics, semantic models: the YAML as plain values
}

// Relation names a table or view. ClickHouse has one level: dbt's schema is
// its database, and dbt's database is empty.
type Relation struct {
	Schema     string
	Identifier string
}

// Ref is a call of ref(): package and version may be empty.
type Ref struct {
	Package, Name, Version string
	Place                  Place
}

// SourceRef is a call of source().
type SourceRef struct {
	Source, Table string
	Place         Place
}

// Column is what properties say of a column.
type Column struct {
	Name, Description, DataType string
	Quote                       *bool // nil: not said
	Tags                        []string
	Meta                        map[string]any
	Config                      map[string]any
	Constraints                 []map[string]any
	Granularity                 string
}

// TestNode is what a test adds to a node. Singular tests have Generic "".
type TestNode struct {
	Generic    string         // name of the test macro without "test_"
	Namespace  string         // its package when it was named, else ""
	Arguments  map[string]any // keyword arguments of the macro, column_name among them, model not
	Column     string         // quoted when the column says quote: true
	AttachedTo string         // unique id of the tested node or source, "" for singular tests
	FileName   string         // of the compiled file: "not_null_orders_id.sql"
	Model      string         // Jinja of the tested relation: ref('orders'), source('raw', 'orders')
}

// SourceNode is what a source table adds to a node. Its Relation is set when
// read, once Jinja in schema and identifier is rendered.
type SourceNode struct {
	SourceName        string
	Loader            string
	LoadedAt          string // SQL expression of the time of load, "" for none
	LoadedAtQuery     string
	Freshness         *Freshness
	SourceDescription string
}

// Freshness is a source's limits of age; a zero Threshold is no limit.
type Freshness struct {
	WarnAfter, ErrorAfter Threshold
	Filter                string
}

// Threshold is an age: Count of Period (minute, hour, day).
type Threshold struct {
	Count  int
	Period string
}
