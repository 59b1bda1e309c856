package project

// configKeys are the keys that dbt, dbt-clickhouse and tiendi read from
// config: and config(); others are the author's own and accepted.
var configKeys = []string{
	"enabled", "materialized", "schema", "database", "alias", "tags", "group", "access", "full_refresh",
	"pre_hook", "post_hook", "pre-hook", "post-hook", "persist_docs", "quoting", "column_types", "grants", "packages",
	"contract", "event_time", "unique_key", "incremental_strategy", "incremental_predicates",
	"on_schema_change", "on_configuration_change", "batch_size", "lookback", "begin", "concurrent_batches",
	"inserts_only", "engine", "order_by", "partition_by", "primary_key", "sharding_key", "ttl", "settings",
	"query_settings", "codec", "projections", "indexes", "severity", "where", "limit", "fail_calc", "warn_if",
	"error_if", "store_failures", "store_failures_as", "quote_columns", "delimiter", "strategy", "updated_at",
	"check_cols", "invalidate_hard_deletes",
}

// Keys of properties files, by what they describe.
var (
	propertiesKeys = []string{
		"version", "models", "seeds", "snapshots", "sources", "macros", "analyses", "exposures", "metrics",
		"semantic_models", "saved_queries", "groups", "unit_tests", "data_tests", "functions", "anchors", "time_spines",
	}
	modelKeys = []string{
		"name", "description", "config", "columns", "data_tests", "tests", "meta", "docs", "group", "access",
		"contract", "constraints", "versions", "latest_version", "deprecation_date", "time_spine", "quote_columns",
		"data_type", "semantic_model", "agg_time_dimension", "metrics", "primary_entity", "derived_semantics",
	}
	versionKeys = []string{
		"v", "defined_in", "description", "access", "config", "constraints", "docs", "data_tests", "tests",
		"columns", "deprecation_date",
	}
	columnKeys = []string{
		"name", "description", "data_type", "quote", "tags", "meta", "config", "constraints", "docs", "data_tests",
		"tests", "granularity", "entity", "dimension", "policy_tags",
	}
	sourceKeys = []string{
		"name", "description", "database", "schema", "loader", "quoting", "freshness", "loaded_at_field",
		"loaded_at_query", "tables", "tags", "meta", "config", "overrides", "unrendered_database", "unrendered_schema",
	}
	tableKeys = []string{
		"name", "description", "identifier", "loaded_at_field", "loaded_at_query", "freshness", "external", "tags",
		"meta", "config", "columns", "data_tests", "tests", "quoting", "data_type", "docs", "constraints",
	}
	exposureKeys = []string{
		"name", "type", "owner", "description", "label", "maturity", "meta", "tags", "url", "depends_on", "config", "enabled",
	}
	testTopKeys = []string{
		"severity", "tags", "enabled", "where", "limit", "warn_if", "error_if", "fail_calc", "store_failures",
		"store_failures_as", "meta", "database", "schema", "alias",
	}
)

// reservedNames are words that a project may not be called by, since Jinja
// means something else by them.
var reservedNames = []string{
	"_sql_results", "adapter", "api", "column", "config", "context", "database", "env", "env_var", "exceptions",
	"execute", "flags", "fromjson", "fromyaml", "graph", "invocation_id", "load_agate_table", "load_result", "log",
	"model", "modules", "post_hooks", "pre_hooks", "ref", "render", "return", "run_started_at", "schema", "source",
	"sql", "sql_now", "store_result", "store_raw_result", "target", "this", "tojson", "toyaml",
	"try_or_compiler_error", "var", "write",
}
