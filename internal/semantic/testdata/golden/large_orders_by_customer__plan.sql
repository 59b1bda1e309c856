SELECT parts.`customer__plan` AS `customer__plan`, parts.`large_orders` AS `large_orders`
FROM (
SELECT `customer`.`d_plan` AS `customer__plan`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT `customer` AS `e_customer`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `plan` AS `d_plan` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
GROUP BY `customer__plan`
) AS parts
ORDER BY `customer__plan`
SETTINGS join_use_nulls = 1
