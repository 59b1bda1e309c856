// Package semantic turns metrics into ClickHouse SQL. It reads MetricFlow's
// YAML in both generations (semantic_models with measures, and semantic_model
// under a model with simple metrics), checks it, and compiles queries: metrics
// by dimensions, over a span of time, for some stores or for all.
//
// It is pure: text and names go in, SQL comes out, and nothing is asked of a
// warehouse. What a name of a query comes to is looked up among the project's
// own; values are quoted literals; a query's conditions are parsed and written
// anew. So no text of a query becomes SQL as it stands.
package semantic
