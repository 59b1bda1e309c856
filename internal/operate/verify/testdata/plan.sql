-- events: archive events → raw events_raw: events
-- tiendi archive verify says whether the archive is whole; what the raw table lacks comes back by tiendi backfill --from {from} --to {to} -s events_staging+ --from-archive
SELECT toString(toDate(at, 'America/Lima')) AS day,
  toString(countIf(in_from)) AS from_events,
  toString(countIf(in_to)) AS to_events
FROM (
  SELECT argMin(timestamp, tuple(NOT is_to, ingested_at, timestamp)) AS at,
    max(NOT is_to) AS in_from, max(is_to) AS in_to, max(due) AS is_due
  FROM (
    SELECT event_id, timestamp, toDateTime64(0, 6, 'UTC') AS ingested_at, 0 AS is_to, settled AS due FROM `db`.`ids` WHERE timestamp >= toDateTime64('2025-12-31 05:00:00.000000', 6, 'UTC') AND timestamp < toDateTime64('2026-02-02 05:00:00.000000', 6, 'UTC')
    UNION ALL
    SELECT event_id, timestamp, ingested_at, 1 AS is_to, startsWith(_batch, 'stream/') AND ingested_at >= toDateTime64('2025-12-01 00:00:00.000000', 6, 'UTC') AND ingested_at <= toDateTime64('2026-02-01 11:30:00.000000', 6, 'UTC') AS due FROM `db`.`events_raw` WHERE timestamp >= toDateTime64('2025-12-31 05:00:00.000000', 6, 'UTC') AND timestamp < toDateTime64('2026-02-02 05:00:00.000000', 6, 'UTC')
  ) GROUP BY event_id
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') AND (in_from AND in_to OR is_due)
GROUP BY day;

-- events: raw events_raw → staging events_staging: events
-- tiendi backfill --from {from} --to {to} -s events_staging+
SELECT toString(toDate(at, 'America/Lima')) AS day,
  toString(countIf(in_from)) AS from_events,
  toString(countIf(in_to)) AS to_events
FROM (
  SELECT argMin(timestamp, tuple(NOT is_to, ingested_at, timestamp)) AS at,
    max(NOT is_to) AS in_from, max(is_to) AS in_to, max(due) AS is_due
  FROM (
    SELECT event_id, timestamp, ingested_at, 0 AS is_to, (ingested_at <= toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') OR (SELECT count() FROM `db`.`events_staging`) = 0 OR ingested_at <= (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`events_staging`) OR ingested_at IN (SELECT ingested_at FROM `db`.`events_staging` WHERE ingested_at > (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`events_staging`))) AS due FROM `db`.`events_raw` WHERE timestamp >= toDateTime64('2025-12-31 05:00:00.000000', 6, 'UTC') AND timestamp < toDateTime64('2026-02-02 05:00:00.000000', 6, 'UTC') AND event_id != toUUID('00000000-0000-0000-0000-000000000000') AND event_type != ''
    UNION ALL
    SELECT event_id, timestamp, ingested_at, 1 AS is_to, 1 AS due FROM `db`.`events_staging` WHERE timestamp >= toDateTime64('2025-12-31 05:00:00.000000', 6, 'UTC') AND timestamp < toDateTime64('2026-02-02 05:00:00.000000', 6, 'UTC')
  ) GROUP BY event_id
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') AND (in_from AND in_to OR is_due)
GROUP BY day;

-- events: staging events_staging → marts traffic_mart: web_events, product_views, purchases, live_revenue
-- tiendi backfill --from {from} --to {to} -s session_events+
SELECT toString(toDate(timestamp, 'America/Lima')) AS day, toString(count()), toString(countIf(event_type = 'product_viewed')), toString(countIf(event_type = 'purchase_completed')), toString(sum(total))
FROM `db`.`events_staging`
WHERE timestamp >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND timestamp < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') AND is_web AND NOT is_bot AND session_id != toUUID('00000000-0000-0000-0000-000000000000')
GROUP BY day;
SELECT toString(date) AS day, toString(sum(web_events)), toString(sum(product_views)), toString(sum(purchases)), toString(sum(live_revenue))
FROM `db`.`traffic_mart`
WHERE date >= toDate('2026-01-01') AND date < toDate('2026-02-01') AND scope = 'platform'
GROUP BY day;

-- events: staging events_staging → marts product_traffic: web_events, product_views
-- tiendi backfill --from {from} --to {to} -s session_events+
SELECT toString(toDate(timestamp, 'America/Lima')) AS day, toString(count()), toString(countIf(event_type = 'product_viewed'))
FROM `db`.`events_staging`
WHERE timestamp >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND timestamp < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') AND is_web AND NOT is_bot AND session_id != toUUID('00000000-0000-0000-0000-000000000000')
GROUP BY day;
SELECT toString(date) AS day, toString(sum(web_events)), toString(sum(product_views))
FROM `db`.`product_traffic`
WHERE date >= toDate('2026-01-01') AND date < toDate('2026-02-01')
GROUP BY day;

-- events: staging events_staging → marts user_days: web_events
-- tiendi backfill --from {from} --to {to} -s user_days+
SELECT toString(toDate(timestamp, 'America/Lima')) AS day, toString(count())
FROM `db`.`events_staging`
WHERE timestamp >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND timestamp < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') AND is_web AND NOT is_bot AND user_id != toUUID('00000000-0000-0000-0000-000000000000')
GROUP BY day;
SELECT toString(date) AS day, toString(sum(web_events))
FROM `db`.`user_days`
WHERE date >= toDate('2026-01-01') AND date < toDate('2026-02-01')
GROUP BY day;

-- events: staging events_staging → marts api_mart: requests, errors
-- tiendi backfill --from {from} --to {to} -s api_mart+
SELECT toString(toDate(timestamp, 'America/Lima')) AS day, toString(count()), toString(countIf(JSONExtractUInt(properties, 'status') >= 500))
FROM `db`.`events_staging`
WHERE timestamp >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND timestamp < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') AND event_type = 'api_request'
GROUP BY day;
SELECT toString(date) AS day, toString(sum(requests)), toString(sum(errors))
FROM `db`.`api_mart`
WHERE date >= toDate('2026-01-01') AND date < toDate('2026-02-01')
GROUP BY day;

-- orders: source orders → raw orders_raw: rows, subtotal, delivery_fee, total
-- tiendi cdc status and tiendi stream status say whether changes are still on their way, and change_rejects has those that do not fit; if neither explains it, tiendi cdc --snapshot reads the tables again
SELECT to_char("orders"."created_at" AT TIME ZONE 'America/Lima', 'YYYY-MM-DD') AS day, count(*)::text, coalesce(sum("orders"."subtotal"), 0)::text, coalesce(sum("orders"."delivery_fee"), 0)::text, coalesce(sum("orders"."total"), 0)::text
FROM "public"."orders"
WHERE "orders"."created_at" >= '2026-01-01 05:00:00.000000Z' AND "orders"."created_at" < '2026-02-01 05:00:00.000000Z'
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(subtotal)), toString(sum(delivery_fee)), toString(sum(total))
FROM (
  SELECT id, latest.1 AS subtotal, latest.2 AS delivery_fee, latest.3 AS total, latest.4 AS at FROM (
    SELECT id, argMax(tuple(subtotal, delivery_fee, total, created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`orders_raw` WHERE _version <= toUInt128('493245442198327518899994623') GROUP BY id
  ) WHERE latest.5 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- orders: raw orders_raw → staging orders_staging: rows, subtotal, delivery_fee, total
-- tiendi backfill --from {from} --to {to} -s orders_staging+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(subtotal)), toString(sum(delivery_fee)), toString(sum(total))
FROM (
  SELECT id, latest.1 AS subtotal, latest.2 AS delivery_fee, latest.3 AS total, latest.4 AS at FROM (
    SELECT id, argMax(tuple(subtotal, delivery_fee, total, created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`orders_raw` WHERE (ingested_at <= toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') OR (SELECT count() FROM `db`.`orders_staging`) = 0 OR ingested_at <= (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`orders_staging`) OR ingested_at IN (SELECT ingested_at FROM `db`.`orders_staging` WHERE ingested_at > (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`orders_staging`))) GROUP BY id
  ) WHERE latest.5 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(subtotal)), toString(sum(delivery_fee)), toString(sum(total))
FROM (SELECT *, created_at AS at FROM `db`.`orders_staging` WHERE is_deleted = 0)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- order_items: source order_items → raw order_items_raw: rows, quantity, price, subtotal
-- tiendi cdc status and tiendi stream status say whether changes are still on their way, and change_rejects has those that do not fit; if neither explains it, tiendi cdc --snapshot reads the tables again
SELECT to_char("orders"."created_at" AT TIME ZONE 'America/Lima', 'YYYY-MM-DD') AS day, count(*)::text, coalesce(sum("order_items"."quantity"), 0)::text, coalesce(sum("order_items"."price"), 0)::text, coalesce(sum("order_items"."subtotal"), 0)::text
FROM "public"."order_items" JOIN "public"."orders" ON "orders"."id" = "order_items"."order_id"
WHERE "orders"."created_at" >= '2026-01-01 05:00:00.000000Z' AND "orders"."created_at" < '2026-02-01 05:00:00.000000Z'
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(quantity)), toString(sum(price)), toString(sum(subtotal))
FROM (SELECT * FROM (
  SELECT id, latest.1 AS quantity, latest.2 AS price, latest.3 AS subtotal, latest.4 AS order_id FROM (
    SELECT id, argMax(tuple(quantity, price, subtotal, order_id, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`order_items_raw` WHERE _version <= toUInt128('493245442198327518899994623') GROUP BY id
  ) WHERE latest.5 = 0
) AS items INNER JOIN (SELECT id, at FROM (
  SELECT id, latest.1 AS at FROM (
    SELECT id, argMax(tuple(created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`orders_raw` WHERE _version <= toUInt128('493245442198327518899994623') GROUP BY id
  ) WHERE latest.2 = 0
) WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) AS orders ON orders.id = items.order_id)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- order_items: raw order_items_raw → staging order_items_staging: rows, quantity, price, subtotal
-- tiendi run --full-refresh -s order_items_staging+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(quantity)), toString(sum(price)), toString(sum(subtotal))
FROM (SELECT * FROM (
  SELECT id, latest.1 AS quantity, latest.2 AS price, latest.3 AS subtotal, latest.4 AS order_id FROM (
    SELECT id, argMax(tuple(quantity, price, subtotal, order_id, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`order_items_raw` WHERE (ingested_at <= toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') OR (SELECT count() FROM `db`.`order_items_staging`) = 0 OR ingested_at <= (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`order_items_staging`) OR ingested_at IN (SELECT ingested_at FROM `db`.`order_items_staging` WHERE ingested_at > (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`order_items_staging`))) GROUP BY id
  ) WHERE latest.5 = 0
) AS items INNER JOIN (SELECT id, created_at AS at FROM `db`.`orders_staging` WHERE created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) AS orders ON orders.id = items.order_id)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(quantity)), toString(sum(price)), toString(sum(subtotal))
FROM (SELECT * FROM (SELECT * FROM `db`.`order_items_staging` WHERE is_deleted = 0) AS items INNER JOIN (SELECT id, created_at AS at FROM `db`.`orders_staging` WHERE created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) AS orders ON orders.id = items.order_id)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- products: source products → raw products_raw: rows, price, stock
-- tiendi cdc status and tiendi stream status say whether changes are still on their way, and change_rejects has those that do not fit; if neither explains it, tiendi cdc --snapshot reads the tables again
SELECT to_char("products"."created_at" AT TIME ZONE 'America/Lima', 'YYYY-MM-DD') AS day, count(*)::text, coalesce(sum("products"."price"), 0)::text, coalesce(sum("products"."stock"), 0)::text
FROM "public"."products"
WHERE "products"."created_at" >= '2026-01-01 05:00:00.000000Z' AND "products"."created_at" < '2026-02-01 05:00:00.000000Z'
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(price)), toString(sum(stock))
FROM (
  SELECT id, latest.1 AS price, latest.2 AS stock, latest.3 AS at FROM (
    SELECT id, argMax(tuple(price, stock, created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`products_raw` WHERE _version <= toUInt128('493245442198327518899994623') GROUP BY id
  ) WHERE latest.4 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- products: raw products_raw → staging products_staging: rows, price, stock
-- tiendi run -s products_staging+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(price)), toString(sum(stock))
FROM (
  SELECT id, latest.1 AS price, latest.2 AS stock, latest.3 AS at FROM (
    SELECT id, argMax(tuple(price, stock, created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`products_raw` WHERE (ingested_at <= toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') OR (SELECT count() FROM `db`.`products_staging`) = 0 OR ingested_at <= (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`products_staging`) OR ingested_at IN (SELECT ingested_at FROM `db`.`products_staging` WHERE ingested_at > (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`products_staging`))) GROUP BY id
  ) WHERE latest.4 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(price)), toString(sum(stock))
FROM (SELECT *, created_at AS at FROM `db`.`products_staging` WHERE is_deleted = 0)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- stores: source stores → raw stores_raw: rows, commission_rate
-- tiendi cdc status and tiendi stream status say whether changes are still on their way, and change_rejects has those that do not fit; if neither explains it, tiendi cdc --snapshot reads the tables again
SELECT to_char("stores"."created_at" AT TIME ZONE 'America/Lima', 'YYYY-MM-DD') AS day, count(*)::text, coalesce(sum("stores"."commission_rate"), 0)::text
FROM "public"."stores"
WHERE "stores"."created_at" >= '2026-01-01 05:00:00.000000Z' AND "stores"."created_at" < '2026-02-01 05:00:00.000000Z'
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(commission_rate))
FROM (
  SELECT id, latest.1 AS commission_rate, latest.2 AS at FROM (
    SELECT id, argMax(tuple(commission_rate, created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`stores_raw` WHERE _version <= toUInt128('493245442198327518899994623') GROUP BY id
  ) WHERE latest.3 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- stores: raw stores_raw → staging stores_staging: rows, commission_rate
-- tiendi run -s stores_staging+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(commission_rate))
FROM (
  SELECT id, latest.1 AS commission_rate, latest.2 AS at FROM (
    SELECT id, argMax(tuple(commission_rate, created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`stores_raw` WHERE (ingested_at <= toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') OR (SELECT count() FROM `db`.`stores_staging`) = 0 OR ingested_at <= (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`stores_staging`) OR ingested_at IN (SELECT ingested_at FROM `db`.`stores_staging` WHERE ingested_at > (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`stores_staging`))) GROUP BY id
  ) WHERE latest.3 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(commission_rate))
FROM (SELECT *, created_at AS at FROM `db`.`stores_staging` WHERE is_deleted = 0)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- users: source users → raw users_raw: rows
-- tiendi cdc status and tiendi stream status say whether changes are still on their way, and change_rejects has those that do not fit; if neither explains it, tiendi cdc --snapshot reads the tables again
SELECT to_char("users"."created_at" AT TIME ZONE 'America/Lima', 'YYYY-MM-DD') AS day, count(*)::text
FROM "public"."users"
WHERE "users"."created_at" >= '2026-01-01 05:00:00.000000Z' AND "users"."created_at" < '2026-02-01 05:00:00.000000Z'
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*))
FROM (
  SELECT id, latest.1 AS at FROM (
    SELECT id, argMax(tuple(created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`users_raw` WHERE _version <= toUInt128('493245442198327518899994623') GROUP BY id
  ) WHERE latest.2 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- users: raw users_raw → staging users_staging: rows
-- tiendi run -s users_staging+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*))
FROM (
  SELECT id, latest.1 AS at FROM (
    SELECT id, argMax(tuple(created_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`users_raw` WHERE (ingested_at <= toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') OR (SELECT count() FROM `db`.`users_staging`) = 0 OR ingested_at <= (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`users_staging`) OR ingested_at IN (SELECT ingested_at FROM `db`.`users_staging` WHERE ingested_at > (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`users_staging`))) GROUP BY id
  ) WHERE latest.2 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*))
FROM (SELECT *, created_at AS at FROM `db`.`users_staging` WHERE is_deleted = 0)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- subscriptions: source subscriptions → raw subscriptions_raw: rows, monthly_fee
-- tiendi cdc status and tiendi stream status say whether changes are still on their way, and change_rejects has those that do not fit; if neither explains it, tiendi cdc --snapshot reads the tables again
SELECT to_char("subscriptions"."started_at" AT TIME ZONE 'America/Lima', 'YYYY-MM-DD') AS day, count(*)::text, coalesce(sum("subscriptions"."monthly_fee"), 0)::text
FROM "public"."subscriptions"
WHERE "subscriptions"."started_at" >= '2026-01-01 05:00:00.000000Z' AND "subscriptions"."started_at" < '2026-02-01 05:00:00.000000Z'
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(monthly_fee))
FROM (
  SELECT store_id, started_at, latest.1 AS monthly_fee, latest.2 AS at FROM (
    SELECT store_id, started_at, argMax(tuple(monthly_fee, started_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`subscriptions_raw` WHERE _version <= toUInt128('493245442198327518899994623') GROUP BY store_id, started_at
  ) WHERE latest.3 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- subscriptions: raw subscriptions_raw → staging subscriptions_staging: rows, monthly_fee
-- tiendi run -s subscriptions_staging+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(monthly_fee))
FROM (
  SELECT store_id, started_at, latest.1 AS monthly_fee, latest.2 AS at FROM (
    SELECT store_id, started_at, argMax(tuple(monthly_fee, started_at, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM `db`.`subscriptions_raw` WHERE (ingested_at <= toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC') OR (SELECT count() FROM `db`.`subscriptions_staging`) = 0 OR ingested_at <= (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`subscriptions_staging`) OR ingested_at IN (SELECT ingested_at FROM `db`.`subscriptions_staging` WHERE ingested_at > (SELECT max(ingested_at) - toIntervalMinute(1) FROM `db`.`subscriptions_staging`))) GROUP BY store_id, started_at
  ) WHERE latest.3 = 0
)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count(*)), toString(sum(monthly_fee))
FROM (SELECT *, started_at AS at FROM `db`.`subscriptions_staging` WHERE is_deleted = 0)
WHERE at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')
GROUP BY day;

-- orders: staging orders_staging → marts sales_mart: orders, units, gmv, delivery_fees
-- tiendi run -s order_facts+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(count()), toString(sum(units)), toString(sum(gmv)), toString(sum(delivery_fee))
FROM (
  SELECT orders.status AS status, orders.delivery_fee AS delivery_fee, orders.created_at AS at, items.units AS units, items.gmv AS gmv
  FROM (SELECT * FROM `db`.`orders_staging` WHERE is_deleted = 0 AND created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) AS orders
  LEFT JOIN (
    SELECT order_id, sum(quantity) AS units, sum(subtotal) AS gmv FROM `db`.`order_items_staging`
    WHERE is_deleted = 0 AND order_id IN (SELECT id FROM `db`.`orders_staging` WHERE is_deleted = 0 AND created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) GROUP BY order_id
  ) AS items ON items.order_id = orders.id
)
WHERE 1
GROUP BY day;
SELECT toString(date) AS day, toString(sum(orders)), toString(sum(units)), toString(sum(gmv)), toString(sum(delivery_fees))
FROM `db`.`sales_mart`
WHERE date >= toDate('2026-01-01') AND date < toDate('2026-02-01')
GROUP BY day;

-- orders: staging orders_staging → marts daily_metrics: orders, units_sold, gmv, delivered_orders, delivered_gmv
-- tiendi run -s order_facts+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(countIf(NOT has(['CANCELADO']::Array(String), status))), toString(sumIf(units, NOT has(['CANCELADO']::Array(String), status))), toString(sumIf(gmv, NOT has(['CANCELADO']::Array(String), status))), toString(countIf(has(['ENTREGADO']::Array(String), status))), toString(sumIf(gmv, has(['ENTREGADO']::Array(String), status)))
FROM (
  SELECT orders.status AS status, orders.delivery_fee AS delivery_fee, orders.created_at AS at, items.units AS units, items.gmv AS gmv
  FROM (SELECT * FROM `db`.`orders_staging` WHERE is_deleted = 0 AND created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) AS orders
  LEFT JOIN (
    SELECT order_id, sum(quantity) AS units, sum(subtotal) AS gmv FROM `db`.`order_items_staging`
    WHERE is_deleted = 0 AND order_id IN (SELECT id FROM `db`.`orders_staging` WHERE is_deleted = 0 AND created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) GROUP BY order_id
  ) AS items ON items.order_id = orders.id
)
WHERE 1
GROUP BY day;
SELECT toString(date) AS day, toString(sum(orders)), toString(sum(units_sold)), toString(sum(gmv)), toString(sum(delivered_orders)), toString(sum(delivered_gmv))
FROM `db`.`daily_metrics`
WHERE date >= toDate('2026-01-01') AND date < toDate('2026-02-01')
GROUP BY day;

-- orders: staging orders_staging → marts product_mart: units_sold, gmv
-- tiendi run -s order_facts+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(sumIf(units, NOT has(['CANCELADO']::Array(String), status))), toString(sumIf(gmv, NOT has(['CANCELADO']::Array(String), status)))
FROM (
  SELECT orders.status AS status, orders.delivery_fee AS delivery_fee, orders.created_at AS at, items.units AS units, items.gmv AS gmv
  FROM (SELECT * FROM `db`.`orders_staging` WHERE is_deleted = 0 AND created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) AS orders
  LEFT JOIN (
    SELECT order_id, sum(quantity) AS units, sum(subtotal) AS gmv FROM `db`.`order_items_staging`
    WHERE is_deleted = 0 AND order_id IN (SELECT id FROM `db`.`orders_staging` WHERE is_deleted = 0 AND created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) GROUP BY order_id
  ) AS items ON items.order_id = orders.id
)
WHERE 1
GROUP BY day;
SELECT toString(date) AS day, toString(sum(units_sold)), toString(sum(gmv))
FROM `db`.`product_mart`
WHERE date >= toDate('2026-01-01') AND date < toDate('2026-02-01')
GROUP BY day;

-- orders: staging orders_staging → marts product_metrics: units_sold, gmv
-- tiendi run -s order_facts+
SELECT toString(toDate(at, 'America/Lima')) AS day, toString(sumIf(units, NOT has(['CANCELADO']::Array(String), status))), toString(sumIf(gmv, NOT has(['CANCELADO']::Array(String), status)))
FROM (
  SELECT orders.status AS status, orders.delivery_fee AS delivery_fee, orders.created_at AS at, items.units AS units, items.gmv AS gmv
  FROM (SELECT * FROM `db`.`orders_staging` WHERE is_deleted = 0 AND created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) AS orders
  LEFT JOIN (
    SELECT order_id, sum(quantity) AS units, sum(subtotal) AS gmv FROM `db`.`order_items_staging`
    WHERE is_deleted = 0 AND order_id IN (SELECT id FROM `db`.`orders_staging` WHERE is_deleted = 0 AND created_at >= toDateTime64('2026-01-01 05:00:00.000000', 6, 'UTC') AND created_at < toDateTime64('2026-02-01 05:00:00.000000', 6, 'UTC')) GROUP BY order_id
  ) AS items ON items.order_id = orders.id
)
WHERE 1
GROUP BY day;
SELECT toString(date) AS day, toString(sum(units_sold)), toString(sum(gmv))
FROM `db`.`product_metrics`
WHERE date >= toDate('2026-01-01') AND date < toDate('2026-02-01')
GROUP BY day;

