SELECT parts.`order__status` AS `order__status`, coalesce(parts.`revenue`, 0) AS `revenue`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT `status` AS `d_status`, amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1
