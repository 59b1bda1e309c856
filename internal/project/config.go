package project

// Config is a node's settled configuration: dbt_project.yml, then properties,
// then config() in the file, the nearest winning, tags and hooks adding up and
// meta merging, as dbt has it. Values are plain Go values (string, bool,
// int64, float64, nil, []any, map[string]any).
type Config struct {
	Enabled      bool
	Materialized string // view, table, incremental, ephemeral, materialized_view, seed, test
	Schema       string // custom schema before generate_schema_name; "" for none
	Alias        string
	Database     string
	Tags         []string
	Meta         map[string]any
	Group        string
	Docs         map[string]any
	PreHook      []Hook
	PostHook     []Hook
	FullRefresh  *bool // nil: as --full-refresh says

	// Values holds every key as written, those above included, so that
	// config.get() and the manifest see what the author wrote.
	Values map[string]any
}

// Hook is SQL (with Jinja) run before or after a node.
type Hook struct {
	SQL         string
	Transaction bool
}
