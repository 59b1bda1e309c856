SELECT coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT count(base.`m_orders`) AS `order_count`
FROM (SELECT id AS `m_orders`, `customer` AS `e_customer` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE (`customer`.`d_city` IS NULL)
) AS parts
SETTINGS join_use_nulls = 1
