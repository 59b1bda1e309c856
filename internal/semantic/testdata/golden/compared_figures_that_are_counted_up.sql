SELECT both.`metric_time__month` AS `metric_time__month`, both.`revenue_month_to_date` AS `revenue_month_to_date`, both.`revenue_month_to_date__previous` AS `revenue_month_to_date__previous`, toFloat64(both.`revenue_month_to_date`) / nullIf(toFloat64(both.`revenue_month_to_date__previous`), 0) - 1 AS `revenue_month_to_date__change`, both.`average_order` AS `average_order`, both.`average_order__previous` AS `average_order__previous`, toFloat64(both.`average_order`) / nullIf(toFloat64(both.`average_order__previous`), 0) - 1 AS `average_order__change`
FROM (
SELECT `metric_time__month`, max(_now) AS _now, any(`revenue_month_to_date`) AS `revenue_month_to_date`, any(`revenue_month_to_date__previous`) AS `revenue_month_to_date__previous`, any(`average_order`) AS `average_order`, any(`average_order__previous`) AS `average_order__previous`
FROM (
SELECT `metric_time__month`, 1 AS _now, `revenue_month_to_date`, NULL AS `revenue_month_to_date__previous`, `average_order`, NULL AS `average_order__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`revenue_month_to_date` AS `revenue_month_to_date`, round(toDecimal128((coalesce(parts.`revenue`, 0)), 6) / nullIf(toInt64((coalesce(parts.`order_count`, 0))), 0), 2) AS `average_order`
FROM (
SELECT `metric_time__month`, any(`revenue_month_to_date`) AS `revenue_month_to_date`, any(`revenue`) AS `revenue`, any(`order_count`) AS `order_count`
FROM (
SELECT `metric_time__month`, `revenue_month_to_date`, NULL AS `revenue`, NULL AS `order_count` FROM (
SELECT toStartOfMonth(_label) AS `metric_time__month`, any(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND toStartOfMonth(x.2) = toStartOfMonth(_day), (SELECT groupArray((_label, _last)) FROM (SELECT toStartOfMonth(`day`) AS _label, max(`day`) AS _last FROM `shop`.`days` GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_month_to_date`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `revenue`, `order_count` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT DISTINCT toStartOfMonth(`day`), NULL, NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__month`
) AS parts
QUALIFY ifNull(parts.`metric_time__month` >= minIf(parts.`metric_time__month`, parts.`revenue_month_to_date` IS NOT NULL OR parts.`revenue` IS NOT NULL OR parts.`order_count` IS NOT NULL) OVER (), 1)
)
UNION ALL
SELECT addMonths(earlier.`metric_time__month`, 12) AS `metric_time__month`, 0 AS _now, NULL AS `revenue_month_to_date`, earlier.`revenue_month_to_date` AS `revenue_month_to_date__previous`, NULL AS `average_order`, earlier.`average_order` AS `average_order__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`revenue_month_to_date` AS `revenue_month_to_date`, round(toDecimal128((coalesce(parts.`revenue`, 0)), 6) / nullIf(toInt64((coalesce(parts.`order_count`, 0))), 0), 2) AS `average_order`
FROM (
SELECT `metric_time__month`, any(`revenue_month_to_date`) AS `revenue_month_to_date`, any(`revenue`) AS `revenue`, any(`order_count`) AS `order_count`
FROM (
SELECT `metric_time__month`, `revenue_month_to_date`, NULL AS `revenue`, NULL AS `order_count` FROM (
SELECT toStartOfMonth(_label) AS `metric_time__month`, any(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_month_to_date`) AS `revenue_month_to_date`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND toStartOfMonth(x.2) = toStartOfMonth(_day), (SELECT groupArray((_label, _last)) FROM (SELECT toStartOfMonth(`day`) AS _label, max(`day`) AS _last FROM `shop`.`days` GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_month_to_date`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `revenue`, `order_count` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT DISTINCT toStartOfMonth(`day`), NULL, NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__month`
) AS parts
) AS earlier
)
GROUP BY `metric_time__month`
) AS both
QUALIFY ifNull(both.`metric_time__month` >= minIf(both.`metric_time__month`, both._now) OVER () AND both.`metric_time__month` <= maxIf(both.`metric_time__month`, both._now) OVER (), 1)
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
