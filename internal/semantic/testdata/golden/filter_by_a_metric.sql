SELECT parts.`shop` AS `shop`, parts.`big_shop_revenue` AS `big_shop_revenue`
FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `big_shop_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT parts.`shop` AS `shop`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT base.`e_shop` AS `shop`, count(base.`m_orders`) AS `order_count`
FROM (SELECT `shop` AS `e_shop`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `shop`
) AS parts) AS `metric_order_count_by_shop` ON base.`e_shop` = `metric_order_count_by_shop`.`shop`
WHERE (`metric_order_count_by_shop`.`order_count` > 80)
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1
