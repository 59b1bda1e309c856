SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`order__status` AS `order__status`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT _slot.1 AS `metric_time__day`, `order__status`, any(_slot.2) AS `revenue`
FROM (
SELECT `order__status`, arrayJoin(arrayConcat(groupArray((`metric_time__day`, toNullable(`revenue`))), (SELECT groupUniqArray((`day`, NULL)) FROM `shop`.`days`))) AS _slot
FROM (
SELECT base.`t_day` AS `metric_time__day`, base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `status` AS `d_status`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__day`, `order__status`
)
GROUP BY `order__status`
)
GROUP BY `metric_time__day`, `order__status`
) AS parts
QUALIFY ifNull(parts.`metric_time__day` >= minIf(parts.`metric_time__day`, parts.`revenue` IS NOT NULL) OVER (), 1)
ORDER BY `metric_time__day`, `order__status`
SETTINGS join_use_nulls = 1
