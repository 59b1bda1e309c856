SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`buyers_28d` AS `buyers_28d`
FROM (
SELECT toStartOfMonth(label) AS `metric_time__month`, any(`buyers_28d`) AS `buyers_28d`
FROM (SELECT slot.1 AS label, slot.2 AS at, uniqExactMerge(`buyers_28d`) AS `buyers_28d`
FROM (SELECT *, arrayJoin(arrayFilter(x -> x.2 >= `day` AND `day` > addDays(x.2, -28), (SELECT groupArray((label, last)) FROM (SELECT toStartOfMonth(`day`) AS label, max(`day`) AS last FROM `shop`.`days` GROUP BY label)))) AS slot FROM (SELECT base.`t_day` AS `day`, uniqExactState(base.`m_buyers`) AS `buyers_28d`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY `day`))
WHERE (toStartOfMonth(slot.2) = '2026-02-01')
GROUP BY label, at)
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
