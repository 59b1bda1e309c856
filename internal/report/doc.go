// Package report turns metrics into documents for vendors and administrators.
// What a figure means stands in the project's metrics, and is asked of the
// semantic layer, as the API and the dashboards do; a report chooses figures,
// compares them with earlier days and lays them out, for a terminal, a page, a
// message or a program.
package report
