// Package blob is the seam to object storage: named, immutable bodies that are written
// whole or not at all. Drivers are child packages and implement Bucket; blobtest holds
// what must be true of all of them.
package blob
