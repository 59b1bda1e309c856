// Package recommend answers what goes with a product, from the project's models
// product_affinity and product_popularity, and measures how good the answers are
// against what shoppers did next, beside methods that are simpler and others that
// are not.
package recommend
