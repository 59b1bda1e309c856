// Package warehouse is the ClickHouse client of tiendi. It knows an address and
// nothing else: a server, a cluster and the embedded engine are reached alike,
// over the native protocol, and over HTTP for inserts of a ready format.
//
// A cancelled context ends the query on the server before the call returns.
// async_insert is off unless a caller turns it on, so that a returned insert is
// a stored one.
package warehouse
