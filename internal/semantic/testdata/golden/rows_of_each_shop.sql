SELECT parts.`shop` AS `shop`, coalesce(parts.`sessions`, 0) AS `sessions`
FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_sessions`) AS `sessions`
FROM (SELECT `shop` AS `e_shop`, `sessions` AS `m_sessions` FROM `shop`.`traffic` WHERE `scope` = 'shop') AS base
GROUP BY `shop`
) AS parts
ORDER BY `shop`
SETTINGS join_use_nulls = 1
