SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`order__status` AS `order__status`, parts.`revenue_to_date` AS `revenue_to_date`
FROM (
SELECT toStartOfMonth(_label) AS `metric_time__month`, `order__status`, any(`revenue_to_date`) AS `revenue_to_date`
FROM (SELECT `order__status`, _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_to_date`) AS `revenue_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day, (SELECT groupArray((_label, _last)) FROM (SELECT toStartOfMonth(`day`) AS _label, min(`day`) AS _last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') GROUP BY _label)))) AS _slot FROM (SELECT base.`d_status` AS `order__status`, base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_to_date`
FROM (SELECT `status` AS `d_status`, toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `order__status`, _day))
GROUP BY `order__status`, _label, _at)
GROUP BY `metric_time__month`, `order__status`
) AS parts
ORDER BY `metric_time__month`, `order__status`
SETTINGS join_use_nulls = 1
