SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`moments` AS `moments`
FROM (
SELECT base.`t_day` AS `metric_time__day`, count(base.`m_moments`) AS `moments`
FROM (SELECT toDate(at, 'America/Lima') AS `t_day`, id AS `m_moments` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
