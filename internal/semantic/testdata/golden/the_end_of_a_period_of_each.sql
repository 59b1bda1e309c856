SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`last_known_stock` AS `last_known_stock`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_last_known_stock`) AS `last_known_stock`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, level AS `m_last_known_stock`, toDate(`day`, 'UTC') AS `t_last`, `shop` AS `g_shop`, `sku` AS `g_sku` FROM `shop`.`stock`) AS base
WHERE (base.`t_last`, base.`g_shop`, base.`g_sku`) IN (SELECT max(toDate(`day`, 'UTC')), `shop`, `sku` FROM `shop`.`stock` GROUP BY `shop`, `sku`, toStartOfMonth(toDate(`day`, 'UTC')))
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
