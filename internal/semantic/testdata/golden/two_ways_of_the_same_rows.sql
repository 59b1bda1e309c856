SELECT parts.`order__status` AS `order__status`, parts.`sku__category` AS `sku__category`, parts.`quantity` AS `quantity`
FROM (
SELECT `order`.`d_status` AS `order__status`, `sku`.`d_category` AS `sku__category`, sumOrNull(base.`m_quantity`) AS `quantity`
FROM (SELECT order_id AS `e_order`, `sku` AS `e_sku`, `quantity` AS `m_quantity` FROM `shop`.`order_lines`) AS base
LEFT JOIN (SELECT id AS `k_order`, `status` AS `d_status` FROM `shop`.`orders`) AS `order` ON base.`e_order` = `order`.`k_order`
LEFT JOIN (SELECT `sku` AS `k_sku`, `category` AS `d_category` FROM `shop`.`skus`) AS `sku` ON base.`e_sku` = `sku`.`k_sku`
GROUP BY `order__status`, `sku__category`
) AS parts
ORDER BY `order__status`, `sku__category`
SETTINGS join_use_nulls = 1
