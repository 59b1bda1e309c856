-- What a partition counts is bounded; what all of them do together needs more digits
-- than a row has.
DROP VIEW tiendi.live_minute_totals;
CREATE VIEW tiendi.live_minute_totals AS
SELECT kind, window_start, store_id, product_id, source,
       sum(views)::bigint AS views, sum(carts)::bigint AS carts, sum(checkouts)::bigint AS checkouts,
       sum(purchases)::bigint AS purchases, sum(units)::bigint AS units,
       sum(live_revenue)::numeric(38,2) AS live_revenue
FROM tiendi.live_minute
GROUP BY store_id, kind, window_start, product_id, source;

DROP VIEW tiendi.live_daily_totals;
CREATE VIEW tiendi.live_daily_totals AS
SELECT kind, window_start, store_id, product_id, source,
       sum(views)::bigint AS views, sum(carts)::bigint AS carts, sum(checkouts)::bigint AS checkouts,
       sum(purchases)::bigint AS purchases, sum(units)::bigint AS units,
       sum(live_revenue)::numeric(38,2) AS live_revenue
FROM tiendi.live_daily
GROUP BY store_id, kind, window_start, product_id, source;
