SELECT parts.`order__status` AS `order__status`, parts.`large_orders` AS `large_orders`
FROM (
SELECT base.`d_status` AS `order__status`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT `status` AS `d_status`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1
