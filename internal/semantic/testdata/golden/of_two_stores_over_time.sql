SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`shop` AS `shop`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT _slot.1 AS `metric_time__month`, `shop`, any(_slot.2) AS `revenue`
FROM (
SELECT `shop`, arrayJoin(arrayConcat(groupArray((`metric_time__month`, toNullable(`revenue`))), (SELECT groupUniqArray((toStartOfMonth(`day`), NULL)) FROM `shop`.`days`))) AS _slot
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `shop` AS `e_shop`, amount AS `m_revenue` FROM `shop`.`orders` WHERE (`shop`) IN ('s1', 's2')) AS base
GROUP BY `metric_time__month`, `shop`
)
GROUP BY `shop`
)
GROUP BY `metric_time__month`, `shop`
) AS parts
QUALIFY ifNull(parts.`metric_time__month` >= minIf(parts.`metric_time__month`, parts.`revenue` IS NOT NULL) OVER (), 1)
ORDER BY `metric_time__month`, `shop`
SETTINGS join_use_nulls = 1
