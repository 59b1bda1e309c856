SELECT parts.`shop` AS `shop`, round(toDecimal128((coalesce(parts.`revenue`, 0)), 6) / nullIf(toInt64((coalesce(parts.`order_count`, 0))), 0), 2) AS `average_order`
FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1
