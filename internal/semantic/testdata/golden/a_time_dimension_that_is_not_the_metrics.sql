SELECT parts.`customer__since__week` AS `customer__since__week`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfWeek(toDate(`customer`.`d_since`, 'UTC'), 1) AS `customer__since__week`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `customer` AS `e_customer`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `since` AS `d_since` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
GROUP BY `customer__since__week`
) AS parts
ORDER BY `customer__since__week`
SETTINGS join_use_nulls = 1
