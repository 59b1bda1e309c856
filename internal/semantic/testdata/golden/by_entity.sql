SELECT parts.`shop` AS `shop`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1
