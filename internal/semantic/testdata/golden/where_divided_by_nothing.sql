SELECT parts.`shop` AS `shop`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT base.`e_shop` AS `shop`, count(base.`m_orders`) AS `order_count`
FROM (SELECT `shop` AS `e_shop`, id AS `m_orders`, toDate(`day`, 'UTC') AS `t_day` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT parts.`shop` AS `shop`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `shop`
) AS parts) AS `metric_raw_revenue_by_shop` ON base.`e_shop` = `metric_raw_revenue_by_shop`.`shop`
LEFT JOIN (SELECT parts.`shop` AS `shop`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT base.`e_shop` AS `shop`, count(base.`m_orders`) AS `order_count`
FROM (SELECT `shop` AS `e_shop`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `shop`
) AS parts) AS `metric_order_count_by_shop` ON base.`e_shop` = `metric_order_count_by_shop`.`shop`
WHERE (`metric_raw_revenue_by_shop`.`raw_revenue` / nullIf((`metric_order_count_by_shop`.`order_count` - `metric_order_count_by_shop`.`order_count`), 0) IS NULL OR toDayOfWeek(base.`t_day`) % nullIf(0, 0) > 1)
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1
