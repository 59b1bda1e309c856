// Package etl is the nightly job: the steps by which a day gets from the raw
// tables into the marts, the cache and people's mail, in order, each of them
// written down when it is done. A run that follows goes on with the first step
// that is not. What the steps do is the stages' work; this package knows when
// they are due.
package etl
