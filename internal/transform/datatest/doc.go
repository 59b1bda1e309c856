// Package datatest runs data tests and source freshness checks: it wraps a
// test's compiled query so that the warehouse counts its failures and judges
// them, and reads the verdict.
package datatest
