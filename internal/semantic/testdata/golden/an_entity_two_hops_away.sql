SELECT parts.`order__shop` AS `order__shop`, parts.`quantity` AS `quantity`
FROM (
SELECT `order`.`e_shop` AS `order__shop`, sumOrNull(base.`m_quantity`) AS `quantity`
FROM (SELECT order_id AS `e_order`, `quantity` AS `m_quantity` FROM `shop`.`order_lines`) AS base
LEFT JOIN (SELECT id AS `k_order`, `shop` AS `e_shop` FROM `shop`.`orders`) AS `order` ON base.`e_order` = `order`.`k_order`
GROUP BY `order__shop`
) AS parts
ORDER BY `order__shop`
SETTINGS join_use_nulls = 1
