// Package load reads files (CSV, NDJSON, Parquet; plain, .gz or .zst) into the
// raw tables of the warehouse.
//
// A file is parsed here, in parallel, into columns that go to a stage table as
// native blocks; nothing of it is in a raw table until the whole file has been
// read. Then, one loader at a time for each raw table, the rows that the table
// has already are left out and the rest is attached. A row is known again by
// its content and by how often that content occurs, so it does not matter
// whether a file is loaded twice, has grown, was killed between any two
// statements, or brings rows that another file brought before: what is missing
// is added, and nothing else. The list of loaded files (load_history) only
// saves time.
package load
