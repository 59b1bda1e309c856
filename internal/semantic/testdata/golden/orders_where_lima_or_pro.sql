SELECT parts.`order__is_large` AS `order__is_large`, parts.`orders` AS `orders`
FROM (
SELECT base.`d_is_large` AS `order__is_large`, count(base.`m_orders`) AS `orders`
FROM (SELECT amount >= 500 AS `d_is_large`, id AS `m_orders`, `customer` AS `e_customer` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city`, `plan` AS `d_plan` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE (`customer`.`d_city` = 'Lima' OR `customer`.`d_plan` = 'pro')
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1
