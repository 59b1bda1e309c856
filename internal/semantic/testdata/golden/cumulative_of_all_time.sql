SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`revenue_to_date` AS `revenue_to_date`
FROM (
SELECT label AS `metric_time__day`, any(`revenue_to_date`) AS `revenue_to_date`
FROM (SELECT slot.1 AS label, slot.2 AS at, sumOrNullMerge(`revenue_to_date`) AS `revenue_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day`, (SELECT groupArray((label, last)) FROM (SELECT `day` AS label, min(`day`) AS last FROM `shop`.`days` GROUP BY label)))) AS slot FROM (SELECT base.`t_day` AS `day`, sumOrNullState(base.`m_revenue`) AS `revenue_to_date`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `day`))
GROUP BY label, at)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
