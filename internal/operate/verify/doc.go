// Package verify compares what the layers hold of each day: the shop's database, the
// archive, the raw tables, staging and marts. Which queries that takes is planned as
// plain values; running them, and looking again at what differs, is in one place.
//
// Things under way are no differences. The shop's rows are compared with what the raw
// tables hold as of the same place in PostgreSQL's log; raw rows count for staging once
// staging has seen them, or has had until the end of the range to do so.
package verify
