SELECT parts.`metric_time__day` AS `metric_time__day`, (parts.`raw_revenue`) AS `revenue_week_ago`
FROM (
SELECT base.`t_day` AS `metric_time__day`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT addDays(toDate(`day`, 'UTC'), 7) AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE addDays(toDate(`day`, 'UTC'), 7) <= (SELECT max(`day`) FROM `shop`.`days`)) AS base
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
