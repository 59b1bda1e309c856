SELECT parts.`customer__city` AS `customer__city`, parts.`large_orders` AS `large_orders`
FROM (
SELECT `customer`.`d_city` AS `customer__city`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT `customer` AS `e_customer`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
GROUP BY `customer__city`
) AS parts
ORDER BY `customer__city`
SETTINGS join_use_nulls = 1
