// Package cache says how Redis is reached, by those who keep live figures there and by
// those who read them.
package cache
