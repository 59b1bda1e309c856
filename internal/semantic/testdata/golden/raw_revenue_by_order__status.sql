SELECT parts.`order__status` AS `order__status`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `status` AS `d_status`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1
