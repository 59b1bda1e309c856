SELECT coalesce(parts.`revenue`, 0) AS `revenue`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-03') AND toDate(`day`, 'UTC') < toDate('2026-02-20')) AS base
) AS parts
SETTINGS join_use_nulls = 1
