SELECT parts.`order__status` AS `order__status`, parts.`orders` AS `orders`
FROM (
SELECT base.`d_status` AS `order__status`, count(base.`m_orders`) AS `orders`
FROM (SELECT `status` AS `d_status`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1
