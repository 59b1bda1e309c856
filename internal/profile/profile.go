// Package profile finds profiles.yaml and gives the settings of one target,
// with the environment laid over them.
package profile

// Options says where to look and what to take.
type Options struct {
	ProfilesDir string // --profiles-dir, "" for none
	ProjectDir  string
	Profile     string // --profile, else the project's profile:, "" for the only one
	Target      string // --target, "" as the profile says
	LookupEnv   func(string) (string, bool)
	HomeDir     string
	Notice      func(string) // one-line notices; nil for nobody
}

// Settings is a target, settled.
type Settings struct {
	Profile, Target string
	File            string // the profiles file it came from, "" when there is none
	Threads         int    // nodes to run at once
	Warehouse       Warehouse
	Enrich          Enrich
	Broker          Broker
	Postgres        Postgres
	CDC             CDC
	Redis           Redis
	Collect         Collect
	Stream          Stream
	Traces          Traces
	Metabase        Metabase
	Archive         Archive
	Serve           Serve
	Report          Report
}

// Warehouse says where the warehouse is.
type Warehouse struct {
	Type        string // Embedded or ClickHouse
	Database    string
	MemoryLimit string // of the embedded engine: "4GiB"; "" as it decides

	Addresses   []string // host:port of the native protocol
	HTTPAddress string   // host:port of HTTP, "" when unknown
	User        string
	Password    Secret
	Secure      bool
	SkipVerify  bool
	CAFile      string // absolute
	Cluster     string
	Settings    map[string]any // sent with every query: text, whole numbers, floats, booleans
}

// Enrich says by what events are enriched.
type Enrich struct {
	Countries string // a MaxMind file, absolute; "" for none
}

// The types of warehouses and brokers.
const (
	Embedded   = "embedded"
	ClickHouse = "clickhouse"
	RabbitMQ   = "rabbitmq"
)

// standardThreads is how many nodes run at once when nothing is said: models
// mostly wait for the engine.
const standardThreads = 4

// Load gives the settings of the target that o names. Everything that is
// wrong with that target comes back in one error, with places.
func Load(o Options) (Settings, error) {
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	if o.LookupEnv == nil {
		o.LookupEnv = func(string) (string, bool) { return "", false }
	}
	file, err := find(o)
	if err != nil {
		return Settings{}, err
	}
	s := Settings{Target: "dev", Profile: o.Profile, File: file}
	r := &reader{file: file, env: o.LookupEnv, given: map[string]bool{}}
	if file != "" {
		err = r.read(o, &s)
	} else {
		err = withoutFile(o)
	}
	if err != nil {
		return Settings{}, err
	}
	r.environment(&s)
	r.settle(&s)
	return s, r.err()
}
