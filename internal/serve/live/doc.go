// Package live reads the figures that the streams keep in Redis, under the keys that
// docs/live-figures.md describes.
package live
