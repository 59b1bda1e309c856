SELECT parts.`metric_time__day` AS `metric_time__day`, (coalesce(parts.`revenue`, 0)) - (coalesce(parts.`revenue_2`, 0)) AS `revenue_since_first`
FROM (
SELECT `metric_time__day`, any(`revenue`) AS `revenue`, any(`revenue_2`) AS `revenue_2`
FROM (
SELECT `metric_time__day`, `revenue`, NULL AS `revenue_2` FROM (
SELECT base.`t_day` AS `metric_time__day`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__day`
)
UNION ALL
SELECT `metric_time__day`, NULL, `revenue_2` FROM (
SELECT _label AS `metric_time__day`, any(`revenue_2`) AS `revenue_2`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, sumOrNullMerge(`revenue_2`) AS `revenue_2`
FROM (SELECT *, arrayJoin(arrayFilter(x -> toStartOfMonth(x.1) = toStartOfMonth(_day) AND _day = toStartOfMonth(_day), (SELECT groupArray((_label, _label)) FROM (SELECT DISTINCT `day` AS _label FROM `shop`.`days`)))) AS _slot FROM (SELECT base.`t_day` AS _day, sumOrNullState(base.`m_revenue`) AS `revenue_2`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__day`
)
UNION ALL
SELECT DISTINCT `day`, NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__day`
) AS parts
QUALIFY ifNull(parts.`metric_time__day` >= minIf(parts.`metric_time__day`, parts.`revenue` IS NOT NULL OR parts.`revenue_2` IS NOT NULL) OVER (), 1)
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
