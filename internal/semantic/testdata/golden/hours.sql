SELECT parts.`metric_time__hour` AS `metric_time__hour`, parts.`moments` AS `moments`
FROM (
SELECT toStartOfHour(toDateTime64(base.`t_moment`, 3), 'UTC') AS `metric_time__hour`, count(base.`m_moments`) AS `moments`
FROM (SELECT at AS `t_moment`, id AS `m_moments` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__hour`
) AS parts
ORDER BY `metric_time__hour`
SETTINGS join_use_nulls = 1
