SELECT coalesce(parts.`sessions`, 0) AS `sessions`
FROM (
SELECT sumOrNull(base.`m_sessions`) AS `sessions`
FROM (SELECT `sessions` AS `m_sessions`, `shop` AS `e_shop` FROM `shop`.`traffic` WHERE `scope` = 'shop') AS base
LEFT JOIN (SELECT code AS `k_shop`, `region` AS `d_region` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
WHERE (`shop`.`d_region` = 'north')
) AS parts
SETTINGS join_use_nulls = 1
