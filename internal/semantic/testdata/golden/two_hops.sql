SELECT parts.`order__customer__city` AS `order__customer__city`, parts.`quantity` AS `quantity`, parts.`line_revenue` AS `line_revenue`
FROM (
SELECT `order__customer`.`d_city` AS `order__customer__city`, sumOrNull(base.`m_quantity`) AS `quantity`, sumOrNull(base.`m_line_revenue`) AS `line_revenue`
FROM (SELECT order_id AS `e_order`, `quantity` AS `m_quantity`, quantity * price AS `m_line_revenue` FROM `shop`.`order_lines`) AS base
LEFT JOIN (SELECT id AS `k_order`, `customer` AS `e_customer` FROM `shop`.`orders`) AS `order` ON base.`e_order` = `order`.`k_order`
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `order__customer` ON `order`.`e_customer` = `order__customer`.`k_customer`
GROUP BY `order__customer__city`
) AS parts
ORDER BY `order__customer__city`
SETTINGS join_use_nulls = 1
