SELECT coalesce(parts.`order_count`, 0) AS `order_count`, parts.`buyers` AS `buyers`, parts.`average_amount` AS `average_amount`, parts.`smallest` AS `smallest`, parts.`largest` AS `largest`, parts.`median_units` AS `median_units`, parts.`p90_amount` AS `p90_amount`, parts.`p75_units` AS `p75_units`, parts.`large_orders` AS `large_orders`
FROM (
SELECT count(base.`m_orders`) AS `order_count`, uniqExact(base.`m_buyers`) AS `buyers`, avgOrNull(base.`m_average_amount`) AS `average_amount`, minOrNull(base.`m_smallest`) AS `smallest`, maxOrNull(base.`m_largest`) AS `largest`, quantileExactInclusiveOrNull(0.5)(base.`m_median_units`) AS `median_units`, quantileExactWeightedOrNull(0.9)(base.`m_p90_amount`, 1) AS `p90_amount`, quantileExactInclusiveOrNull(0.75)(base.`m_p75_units`) AS `p75_units`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT id AS `m_orders`, customer AS `m_buyers`, amount AS `m_average_amount`, amount AS `m_smallest`, amount AS `m_largest`, units AS `m_median_units`, amount AS `m_p90_amount`, units AS `m_p75_units`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
) AS parts
SETTINGS join_use_nulls = 1
