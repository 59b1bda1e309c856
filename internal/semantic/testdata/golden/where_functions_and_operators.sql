SELECT coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT count(base.`m_orders`) AS `order_count`
FROM (SELECT id AS `m_orders`, `customer` AS `e_customer`, toDate(`day`, 'UTC') AS `t_day`, amount >= 500 AS `d_is_large`, `status` AS `d_status` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city`, `plan` AS `d_plan` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE ((lowerUTF8(`customer`.`d_city`) LIKE 'l%' OR NOT `customer`.`d_plan` = 'pro')) AND (base.`t_day` BETWEEN '2026-01-10' AND '2026-03-10') AND (base.`d_is_large` + 1 = 2 OR lengthUTF8(base.`d_status`) > 4)
) AS parts
SETTINGS join_use_nulls = 1
