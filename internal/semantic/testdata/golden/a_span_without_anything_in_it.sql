SELECT coalesce(parts.`revenue`, 0) AS `revenue`, parts.`revenue` AS `raw_revenue`, parts.`buyers` AS `buyers`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`, uniqExact(base.`m_buyers`) AS `buyers`, count(base.`m_orders`) AS `order_count`
FROM (SELECT amount AS `m_revenue`, customer AS `m_buyers`, id AS `m_orders` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2025-01-01') AND toDate(`day`, 'UTC') < toDate('2025-02-01')) AS base
) AS parts
SETTINGS join_use_nulls = 1
