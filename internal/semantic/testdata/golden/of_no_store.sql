SELECT coalesce(parts.`revenue`, 0) AS `revenue`, parts.`orders` AS `orders`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `orders`
FROM (SELECT amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders` WHERE 0) AS base
) AS parts
SETTINGS join_use_nulls = 1
