SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`buyers_28d` AS `buyers_28d`
FROM (
SELECT label AS `metric_time__day`, any(`buyers_28d`) AS `buyers_28d`
FROM (SELECT slot.1 AS label, slot.2 AS at, uniqExactMerge(`buyers_28d`) AS `buyers_28d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day` AND `day` > addDays(x.2, -28), (SELECT groupArray((label, last)) FROM (SELECT `day` AS label, max(`day`) AS last FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01') AND `day` < toDate('2026-03-01') GROUP BY label)))) AS slot FROM (SELECT base.`t_day` AS `day`, uniqExactState(base.`m_buyers`) AS `buyers_28d`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-01-04') AND toDate(`day`, 'UTC') < toDate('2026-03-01')) AS base
GROUP BY `day`))
GROUP BY label, at)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
