// Package generate makes a believable marketplace: stores, users, products
// with their stock, orders that go from PENDIENTE to ENTREGADO or CANCELADO,
// subscriptions, and the events of every visit that led to them. Products have
// companions: whoever looks further often goes to one of these, so that baskets
// hold what goes together.
//
// # What it writes
//
//	DIR/marketplace/{stores,users,products,orders,order_items,subscriptions}.csv
//	DIR/events/events-2026-08-25-001.ndjson[.gz|.zst]   one BaseEvent a line
//	DIR/ledger.json                                     what all this amounts to
//
// Event files are cut by day of arrival and at 512 MiB; in order of their names
// they hold the events in order of arrival, so late and resent ones stand where
// a collector would have written them. products.csv has a row for every new
// price and for the stock after every day with sales. orders.csv has each
// order as it stands when the range ends, or with Options.History all of its
// versions, the oldest first.
//
// # Determinism
//
// Every random number comes from SplitMix64, and everything has a sub-stream of
// its own, derived from the seed, its kind and its keys: a user from its index,
// a visit from its hour and its place in the hour. So slices of time are made
// on all processors at once and written in order, and the bytes depend on the
// seed, the dates, the scale and the anomalies alone: not on the machine, the
// number of workers, or the order of maps.
//
// With the same first day and the same Stores and Users (and no Events, which
// spreads a total over the range), a longer range keeps the shorter one's
// bytes: all event files but the last day's, in which late events are
// gathered; and as beginnings, users, products and order_items. The states in
// orders, stores and subscriptions are those at the range's end.
//
// # Memory
//
// Stores, products and the plan by hour are held; users and events are not.
// Memory grows with the traffic of a day, not with the length of the range.
package generate
