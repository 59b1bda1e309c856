// Package postgres writes live figures and sessions to PostgreSQL.
//
// A call of Apply is one transaction, and the position is the first thing that it
// writes: that row is the lock of its partition, so that of two writers the second
// waits, and then finds that the position has moved. Windows have the partition in
// their key and sessions never change theirs, so two partitions touch no row
// together. Rows go to the server as arrays, one a column, and are merged there;
// what is of a lower revision than the row that is stored stays out.
package postgres
