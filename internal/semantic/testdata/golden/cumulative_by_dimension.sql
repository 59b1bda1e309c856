SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`order__status` AS `order__status`, parts.`revenue_to_date` AS `revenue_to_date`
FROM (
SELECT toStartOfMonth(label) AS `metric_time__month`, `order__status`, any(`revenue_to_date`) AS `revenue_to_date`
FROM (SELECT `order__status`, slot.1 AS label, slot.2 AS at, sumOrNullMerge(`revenue_to_date`) AS `revenue_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day`, (SELECT groupArray((label, last)) FROM (SELECT toStartOfMonth(`day`) AS label, min(`day`) AS last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') GROUP BY label)))) AS slot FROM (SELECT base.`d_status` AS `order__status`, base.`t_day` AS `day`, sumOrNullState(base.`m_revenue`) AS `revenue_to_date`
FROM (SELECT `status` AS `d_status`, toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `order__status`, `day`))
GROUP BY `order__status`, label, at)
GROUP BY `metric_time__month`, `order__status`
) AS parts
ORDER BY `metric_time__month`, `order__status`
SETTINGS join_use_nulls = 1
