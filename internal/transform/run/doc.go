// Package run builds selected nodes of a project in the warehouse: it
// schedules them over the DAG, performs their plans, tests what they built and
// writes down what happened (run_results.json, sources.json, the statement
// log).
package run
