SELECT parts.`order__status` AS `order__status`, parts.`largest` AS `largest`
FROM (
SELECT base.`d_status` AS `order__status`, maxOrNull(base.`m_largest`) AS `largest`
FROM (SELECT `status` AS `d_status`, amount AS `m_largest` FROM `shop`.`orders`) AS base
GROUP BY `order__status`
) AS parts
ORDER BY `order__status`
SETTINGS join_use_nulls = 1
