SELECT parts.`metric_time__week` AS `metric_time__week`, coalesce(parts.`lost_buyers`, 0) AS `lost_buyers`, coalesce(parts.`previous_buyers`, 0) AS `previous_buyers`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, uniqExact(if((base.`p_next_day` IS NULL OR base.`p_next_day` >= addDays(toStartOfWeek(base.`t_day`, 1), 7)), base.`m_lost_buyers`, NULL)) AS `lost_buyers`, uniqExact(base.`m_previous_buyers`) AS `previous_buyers`
FROM (SELECT addDays(toStartOfWeek(toDate(`day`, 'UTC'), 1), 7) AS `t_day`, customer AS `m_lost_buyers`, toDate(`next_day`, 'UTC') AS `p_next_day`, customer AS `m_previous_buyers` FROM `shop`.`orders` WHERE addDays(toStartOfWeek(toDate(`day`, 'UTC'), 1), 7) <= (SELECT max(`day`) FROM `shop`.`days`)) AS base
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
