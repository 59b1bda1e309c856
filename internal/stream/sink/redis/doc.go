// Package redis keeps today's figures in Redis, where vendors and administrators see
// them live. docs/live-figures.md has every key for who reads them; this is how they
// stay right.
//
// A figure is a hash with the totals over all partitions and, beside them, fields
// .0, .1, … with what each partition told last: its revision and its values. An
// update moves the totals by the difference, if its revision is higher. Both are in
// one key, so that neither is ever lost without the other.
//
//	tiendi:day:DATE:{store}[:product:{id}|:source:{name}]                 hash
//	tiendi:minute:UNIX:{store}                                            hash
//	…:visitors                                                            HyperLogLog
//	tiendi:{day|minute}:…:stores:{views|revenue}                          sorted set
//	tiendi:day:DATE:{store}:{products|sources}:{views|revenue}            sorted set
//	tiendi:live:{store}              hash        open sessions, and each partition's
//	tiendi:days, tiendi:minutes      sorted set  units that are there, by start
//	tiendi:rebuilt:DATE              string      the day is the warehouse's
//	tiendi:watermarks                sorted set  partition by watermark
//	tiendi:applied:TOPIC:{partition} hash        at, progress (JSON), applying
//	tiendi:staged:…, tiendi:sketch               for the length of a Rebuild, of a call
//
// What Redis does for a figure is most of what the sink costs, and each call that a
// script makes counts. So the figures of one index go as a group, whose ranking is
// written in one call; of a figure only what the partition told and the views are
// read and written, which change nearly always, and other totals are moved where they
// differ. The script keeps nothing from one call to the next, nor does this process:
// whatever another one wrote, or a restored server forgot, is what it begins with.
//
// The position moves in the same script as the figures, so a server that was emptied,
// restored or replaced by an older replica is at a consistent earlier place, and says
// so with the next Apply (sink.ErrMoved).
//
// Time is the streams': a day is kept until the latest watermark of any partition is
// 72 hours past its start, a minute 6 hours; then Apply removes them, and omits what
// comes for them. So what is there is a function of the positions, whatever the order
// of partitions, and a replay of years takes no more room than today. Lives of keys
// (4 days; 30 hours) are for streams that have stopped. A position lives 23 hours
// without an Apply, less than a figure may go unchanged and still be continued: after
// a longer pause the log is read from its beginning.
//
// All keys are on one primary, with any number of replicas; a Redis Cluster is not
// supported, since one script could not move a position with the figures of all
// stores. Redis 6.2 or later, maxmemory-policy noeviction.
package redis
