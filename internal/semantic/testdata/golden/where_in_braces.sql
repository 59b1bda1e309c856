SELECT parts.`order__status` AS `order__status`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT `status` AS `d_status`, amount AS `m_revenue`, toDate(`day`, 'UTC') AS `t_day` FROM `shop`.`orders`) AS base
WHERE (base.`d_status` != 'paid') AND (toStartOfMonth(base.`t_day`) = '2026-02-01')
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1
