//go:build !darwin

package bench

// rssUnit is that of Rusage.Maxrss in bytes.
const rssUnit = 1024
