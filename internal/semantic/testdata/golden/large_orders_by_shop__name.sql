SELECT parts.`shop__name` AS `shop__name`, parts.`large_orders` AS `large_orders`
FROM (
SELECT `shop`.`d_name` AS `shop__name`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT `shop` AS `e_shop`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT code AS `k_shop`, `name` AS `d_name` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
GROUP BY `shop__name`
) AS parts
ORDER BY `shop__name`
SETTINGS join_use_nulls = 1
