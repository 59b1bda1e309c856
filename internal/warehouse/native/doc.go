// Package native writes blocks of ClickHouse's Native format, as it stands in files
// and in HTTP requests: columns that hold their values as the format stores them,
// so that a block is sent without being copied.
//
// The format: https://clickhouse.com/docs/interfaces/formats/Native
package native
