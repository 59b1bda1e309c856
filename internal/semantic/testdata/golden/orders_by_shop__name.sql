SELECT parts.`shop__name` AS `shop__name`, parts.`orders` AS `orders`
FROM (
SELECT `shop`.`d_name` AS `shop__name`, count(base.`m_orders`) AS `orders`
FROM (SELECT `shop` AS `e_shop`, id AS `m_orders` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT code AS `k_shop`, `name` AS `d_name` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
GROUP BY `shop__name`
) AS parts
ORDER BY `shop__name`
SETTINGS join_use_nulls = 1
