// Package postgres connects to the PostgreSQL database in which tiendi keeps
// checkpoints and live figures, brings its tables up to date, and says what is
// wrong with it. All of tiendi's tables are in the schema tiendi; two projects
// that share a server need a database each.
package postgres
