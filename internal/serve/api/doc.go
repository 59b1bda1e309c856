// Package api answers questions about metrics over HTTP: for vendors, who see their own
// stores and nothing else, for administrators, and for the pages that both read.
//
// A request is authenticated (package auth), counted against its tenant's limits, and
// audited. Its question is compiled by the semantic layer with the tenant's stores in the
// planner; the engine is told the same stores once more (fence), so that a mistake in
// either alone shows nothing of anybody else. Answers are kept by tenant, definition of
// metrics, version of the data and question: a run makes the old ones unreachable.
// There is no way to send SQL.
package api
