SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`revenue_month_to_date` AS `revenue_month_to_date`
FROM (
SELECT _label AS `metric_time__day`, any(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND toStartOfMonth(x.2) = toStartOfMonth(_day), (SELECT groupArray((_label, _last)) FROM (SELECT `day` AS _label, max(`day`) AS _last FROM `shop`.`days` GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_month_to_date`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
