// Package uptime asks URLs for a sign of life and makes a health_probe event of every
// answer, and of every answer that does not come. The uptime KPI counts those events; a due
// minute without one is downtime, so that events are kept while nobody takes them.
package uptime
