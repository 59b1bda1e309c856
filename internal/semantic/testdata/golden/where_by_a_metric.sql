SELECT parts.`customer` AS `customer`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT base.`e_customer` AS `customer`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `customer` AS `e_customer`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT parts.`customer` AS `customer`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT base.`e_customer` AS `customer`, count(base.`m_orders`) AS `order_count`
FROM (SELECT `customer` AS `e_customer`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `customer`
) AS parts) AS `metric_order_count_by_customer` ON base.`e_customer` = `metric_order_count_by_customer`.`customer`
WHERE (`metric_order_count_by_customer`.`order_count` >= 15)
GROUP BY `customer`
) AS parts
ORDER BY `customer`
SETTINGS join_use_nulls = 1
