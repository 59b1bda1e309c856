SELECT parts.`shop__name` AS `shop__name`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT `shop`.`d_name` AS `shop__name`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT code AS `k_shop`, `name` AS `d_name` FROM `shop`.`shops`) AS `shop` ON base.`e_shop` = `shop`.`k_shop`
GROUP BY `shop__name`
) AS parts
ORDER BY `shop__name`
SETTINGS join_use_nulls = 1
