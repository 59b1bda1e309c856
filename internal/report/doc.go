// Package report turns the marts into documents for vendors and
// administrators. What a figure means stands in the project's models; a
// report chooses figures, compares them with earlier days and lays them out.
package report
