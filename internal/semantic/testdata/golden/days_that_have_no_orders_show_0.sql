SELECT parts.`metric_time__day` AS `metric_time__day`, coalesce(parts.`revenue`, 0) AS `revenue`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT `metric_time__day`, any(`revenue`) AS `revenue`, any(`order_count`) AS `order_count`
FROM (
SELECT base.`t_day` AS `metric_time__day`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__day`
UNION ALL
SELECT DISTINCT `day`, NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__day`
) AS parts
QUALIFY ifNull(parts.`metric_time__day` >= minIf(parts.`metric_time__day`, parts.`revenue` IS NOT NULL OR parts.`order_count` IS NOT NULL) OVER (), 1)
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
