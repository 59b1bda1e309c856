SELECT coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT amount AS `m_revenue` FROM `shop`.`orders`) AS base
) AS parts
SETTINGS join_use_nulls = 1
