SELECT coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT amount AS `m_revenue`, `customer` AS `e_customer`, `status` AS `d_status` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE (`customer`.`d_city` = 'Lima') AND (base.`d_status` IN ('paid', 'open'))
) AS parts
SETTINGS join_use_nulls = 1
