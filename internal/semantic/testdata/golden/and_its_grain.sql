SELECT parts.`order__day__month` AS `order__day__month`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfMonth(toDate(base.`d_day`, 'UTC')) AS `order__day__month`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `day` AS `d_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `order__day__month`
) AS parts
ORDER BY `order__day__month`
SETTINGS join_use_nulls = 1
