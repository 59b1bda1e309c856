SELECT parts.`shop__region` AS `shop__region`, parts.`customer__plan` AS `customer__plan`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT `shop`.`d_region` AS `shop__region`, `customer`.`d_plan` AS `customer__plan`, count(base.`m_orders`) AS `order_count`
FROM (SELECT `shop` AS `e_shop`, `customer` AS `e_customer`, id AS `m_orders` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT code AS `k_shop`, `region` AS `d_region` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
LEFT JOIN (SELECT id AS `k_customer`, `plan` AS `d_plan` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
GROUP BY `shop__region`, `customer__plan`
) AS parts
ORDER BY `shop__region`, `customer__plan`
SETTINGS join_use_nulls = 1
