// Package sketch counts distinct things in little memory: a HyperLogLog in the
// format of Redis, so that its bytes can be SET there and counted with PFCOUNT or
// merged with PFMERGE, and with the estimator of Redis, so that everyone who reads
// a sketch reads the same number. The standard error is 0.81 %.
//
// The format is that of Redis 4 to 8 (hyperloglog.c): 16 bytes of header, then
// 16,384 registers of 6 bits. The hash is the 64-bit MurmurHash2 of Austin Appleby
// (MurmurHash64A). Its low 14 bits choose a register, which keeps the highest rank
// that it has seen: the number of trailing zeros of the other 50 bits, and one.
package sketch

const (
	indexBits = 14
	registers = 1 << indexBits
	rankBits  = 6
	rankMask  = 1<<rankBits - 1
	hashBits  = 64 - indexBits // of a hash, those that make the rank
	maxRank   = hashBits + 1
)
