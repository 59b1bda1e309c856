// Package change is the contract of database changes on their way from the database's
// log into the warehouse: what a message of Topic holds, in which partition, and which
// of two changes of a row is the later one.
package change
