SELECT parts.`order__day` AS `order__day`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toDate(base.`d_day`, 'UTC') AS `order__day`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `day` AS `d_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `order__day`
) AS parts
ORDER BY `order__day`
SETTINGS join_use_nulls = 1
