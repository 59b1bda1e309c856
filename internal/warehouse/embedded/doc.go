// Package embedded runs the ClickHouse engine of libchdb as a child process that
// serves the native and HTTP protocols on loopback.
//
// The library is "clickhouse local" as a function. The child is this program
// again under a hidden command (Main), which loads the library and calls it. Its
// last statement reads standard input to the end. That is a pseudo terminal whose
// other side the parent holds: however the parent dies, the kernel closes it and
// the engine ends.
package embedded
