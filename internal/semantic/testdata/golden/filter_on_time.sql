SELECT parts.`order__status` AS `order__status`, parts.`late_revenue` AS `late_revenue`
FROM (
SELECT base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `late_revenue`
FROM (SELECT `status` AS `d_status`, amount AS `m_revenue`, toDate(`day`, 'UTC') AS `t_day` FROM `shop`.`orders`) AS base
WHERE (toStartOfMonth(base.`t_day`) >= '2026-03-01')
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1
