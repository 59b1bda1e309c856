SELECT coalesce(parts.`revenue`, 0) AS `revenue`, parts.`quantity` AS `quantity`, coalesce(parts.`sessions`, 0) AS `sessions`, parts.`stock_at_end` AS `stock_at_end`, parts.`orders` AS `orders`
FROM (
SELECT any(`revenue`) AS `revenue`, any(`orders`) AS `orders`, any(`quantity`) AS `quantity`, any(`sessions`) AS `sessions`, any(`stock_at_end`) AS `stock_at_end`
FROM (
SELECT `revenue`, `orders`, NULL AS `quantity`, NULL AS `sessions`, NULL AS `stock_at_end` FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `orders`
FROM (SELECT amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders` WHERE (`shop`) IN ('s1')) AS base
)
UNION ALL
SELECT NULL, NULL, `quantity`, NULL, NULL FROM (
SELECT sumOrNull(base.`m_quantity`) AS `quantity`
FROM (SELECT `quantity` AS `m_quantity`, order_id AS `e_order` FROM `shop`.`order_lines`) AS base
LEFT JOIN (SELECT id AS `k_order`, `shop` AS `e_shop` FROM `shop`.`orders`) AS `order` ON base.`e_order` = `order`.`k_order`
WHERE (`order`.`e_shop`) IN ('s1')
)
UNION ALL
SELECT NULL, NULL, NULL, `sessions`, NULL FROM (
SELECT sumOrNull(base.`m_sessions`) AS `sessions`
FROM (SELECT `sessions` AS `m_sessions` FROM `shop`.`traffic` WHERE `scope` = 'shop' AND (`shop`) IN ('s1')) AS base
)
UNION ALL
SELECT NULL, NULL, NULL, NULL, `stock_at_end` FROM (
SELECT sumOrNull(base.`m_stock_at_end`) AS `stock_at_end`
FROM (SELECT level AS `m_stock_at_end`, toDate(`day`, 'UTC') AS `t_last` FROM `shop`.`stock` WHERE (`shop`) IN ('s1')) AS base
WHERE (base.`t_last`) IN (SELECT max(toDate(`day`, 'UTC')) FROM `shop`.`stock` WHERE (`shop`) IN ('s1'))
)
)
) AS parts
SETTINGS join_use_nulls = 1
