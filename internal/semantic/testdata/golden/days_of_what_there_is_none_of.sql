SELECT parts.`metric_time__day` AS `metric_time__day`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT `metric_time__day`, any(`order_count`) AS `order_count`
FROM (
SELECT base.`t_day` AS `metric_time__day`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, id AS `m_orders`, `status` AS `d_status` FROM `shop`.`orders`) AS base
WHERE (base.`d_status` = 'lost')
GROUP BY `metric_time__day`
UNION ALL
SELECT DISTINCT `day`, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__day`
) AS parts
QUALIFY ifNull(parts.`metric_time__day` >= minIf(parts.`metric_time__day`, parts.`order_count` IS NOT NULL) OVER (), 1)
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
