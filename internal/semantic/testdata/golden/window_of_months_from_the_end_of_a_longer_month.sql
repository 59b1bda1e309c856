SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`revenue_2m` AS `revenue_2m`
FROM (
SELECT label AS `metric_time__day`, any(`revenue_2m`) AS `revenue_2m`
FROM (SELECT slot.1 AS label, slot.2 AS at, sumOrNullMerge(`revenue_2m`) AS `revenue_2m`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day` AND `day` > addMonths(x.2, -2), (SELECT groupArray((label, last)) FROM (SELECT `day` AS label, max(`day`) AS last FROM `shop`.`days` WHERE `day` >= toDate('2026-04-30') AND `day` < toDate('2026-05-01') GROUP BY label)))) AS slot FROM (SELECT base.`t_day` AS `day`, sumOrNullState(base.`m_revenue`) AS `revenue_2m`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-27') AND toDate(`day`, 'UTC') < toDate('2026-05-01')) AS base
GROUP BY `day`))
GROUP BY label, at)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
