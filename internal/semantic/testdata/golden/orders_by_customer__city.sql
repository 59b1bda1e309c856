SELECT parts.`customer__city` AS `customer__city`, parts.`orders` AS `orders`
FROM (
SELECT `customer`.`d_city` AS `customer__city`, count(base.`m_orders`) AS `orders`
FROM (SELECT `customer` AS `e_customer`, id AS `m_orders` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
GROUP BY `customer__city`
) AS parts
ORDER BY `customer__city`
SETTINGS join_use_nulls = 1
