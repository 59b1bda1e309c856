SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`returning_buyers` AS `returning_buyers`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, uniqExact(if(base.`p_previous_day` < toStartOfMonth(base.`t_day`), base.`m_returning_buyers`, NULL)) AS `returning_buyers`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_returning_buyers`, toDate(`previous_day`, 'UTC') AS `p_previous_day` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
