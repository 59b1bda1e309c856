SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`buyers_28d` AS `buyers_28d`
FROM (
SELECT _label AS `metric_time__day`, any(`buyers_28d`) AS `buyers_28d`
FROM (SELECT _slot.1 AS _label, _slot.2 AS _at, uniqExactMerge(`buyers_28d`) AS `buyers_28d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= _day AND _day > addDays(x.2, -28), (SELECT groupArray((_label, _last)) FROM (SELECT `day` AS _label, max(`day`) AS _last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') AND `day` < toDate('2026-03-01') GROUP BY _label)))) AS _slot FROM (SELECT base.`t_day` AS _day, uniqExactState(base.`m_buyers`) AS `buyers_28d`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-01-04') AND toDate(`day`, 'UTC') < toDate('2026-03-01')) AS base
GROUP BY _day))
GROUP BY _label, _at)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
