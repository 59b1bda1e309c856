// Package compile turns a project that was read from disk into a manifest
// (parsing: which node depends on which, how each is configured, where it is
// built) and its nodes into the SQL that the warehouse runs (compiling). It
// gives templates the context that dbt documents, for ClickHouse.
package compile
