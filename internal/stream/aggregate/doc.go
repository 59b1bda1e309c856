// Package aggregate folds the enriched batches of one partition into windows:
// absolute values by minute and by day, which sinks can take twice. It has no clock
// and does no I/O: what it holds is a function of the batches, so that a worker which
// starts again from a snapshot publishes the same values for the same revisions.
//
// # What counts
//
// Web events that are settled and not a bot's. Views are product_viewed, carts
// add_to_cart, checkouts checkout_started, purchases purchase_completed; units and
// revenue are those of purchases: Σ items[].quantity, and total. Visitors are the
// users, or where they are not known the sessions, of all that counts. An element of
// the sketch is the id's text in lower case, as PFADD would be given it.
//
// # Where
//
//   - ByStore: the event's store, and the whole platform, whose StoreID is zero.
//   - ByStoreSource: the same two for the event's traffic source.
//   - ByProduct: the products that a view, a cart, a checkout or a purchase is about,
//     in the event's store. A checkout or purchase with several items counts once for
//     each product that it has; units are its quantity and revenue its price ×
//     quantity, without delivery. There is no platform here: a product has one store.
//
// An event without a store counts for the platform only. So StoreID zero always is
// the platform, never a store; it is no sum over the stores' visitors, and a reader
// who adds up stores must leave it out.
//
// Of windows there are Options.Most of a grain; beyond that a store's new products
// count as the zero product, new sources as "(other)", which sources of more than 256
// bytes always do, and new stores for the platform only.
//
// Properties that are missing or broken count 0. Sums end at the largest number, of
// money at the largest that the stores hold, instead of going over it.
//
// # When
//
// A minute is UTC's, a day one of Options.Location. A window takes events until the
// watermark, as it stood before their batch, is later than its end and Options.Keep;
// an event after that is too late, and counted as such, for its minute, its day or
// both. The warehouse corrects what it left out.
package aggregate
