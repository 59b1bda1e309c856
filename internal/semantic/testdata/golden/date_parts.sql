SELECT parts.`metric_time__extract_dow` AS `metric_time__extract_dow`, parts.`order__day__extract_month` AS `order__day__extract_month`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT toDayOfWeek(base.`t_day`) AS `metric_time__extract_dow`, toMonth(toDate(base.`d_day`, 'UTC')) AS `order__day__extract_month`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `day` AS `d_day`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__extract_dow`, `order__day__extract_month`
) AS parts
ORDER BY `metric_time__extract_dow`, `order__day__extract_month`
SETTINGS join_use_nulls = 1
