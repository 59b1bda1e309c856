SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`revenue_month_to_date` AS `revenue_month_to_date`
FROM (
SELECT toStartOfWeek(_label, 1) AS `metric_time__week`, any(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND toStartOfMonth(x.2) = toStartOfMonth(_day), (SELECT groupArray((_label, _last)) FROM (SELECT toStartOfWeek(`day`, 1) AS _label, max(`day`) AS _last FROM `shop`.`days` WHERE `day` < toDate('2026-04-27') GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_month_to_date`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') < toDate('2026-04-27')) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
