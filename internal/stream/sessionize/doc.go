// Package sessionize makes sessions of the enriched events of one partition, the
// same ones as the warehouse's SQL by KPIS.md, whatever the order of arrival.
//
// All events of one session_id are a visitor's. In order of (timestamp, event_id)
// they fall into islands, runs without a gap over Timeout; an island is cut into
// sessions every Longest from its first event. Events are held until no event that
// is not too late can change their session:
//
//   - An island is closed when the watermark is past its last event + Timeout. All
//     its sessions are published Closed, and nothing of it is kept.
//   - A session of an open island is closed when the watermark reaches its cut.
//     Its events go; the island keeps its start, which tells the next cuts.
//
// An event at or above the watermark is always taken: it cannot belong to what is
// closed. One below it is taken only where an island of its session_id is open that
// began at or before it, and where no session of that island is closed that is its
// own or a later one: so it belongs to that island for sure. Any other event below
// the watermark might have joined something forgotten. It is too late: it is
// counted, and the warehouse corrects. So the published sessions are those that the
// SQL makes of the events that were taken, and the rest of a closed one never makes
// a second. Nothing has to be kept of what is closed. The watermark is that of
// before the event's batch: what is too late depends on the log alone.
//
// Of an event_id that was drawn (version 4) only the first 48 bits are held. Of two
// events of a session in one millisecond that have these in common, the one that comes
// second is too late: nobody could say any more which is first. Page_view_ids are told
// apart in the same way. Chance does this to one pair of 10¹⁴.
//
// A session_id that never rests, such as a program that keeps one for ever, holds
// up to maxHeld events. Beyond, the older half is summed up and takes no more
// events: what arrives behind that many newer ones is too late. A page_view_id
// that comes again after maxSeen others and such a summing up counts again. In
// order of arrival the sessions stay exact.
package sessionize
