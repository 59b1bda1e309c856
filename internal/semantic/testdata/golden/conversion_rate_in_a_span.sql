SELECT if(parts.`visit_to_order_base` IS NULL, NULL, coalesce(toFloat64(parts.`visit_to_order_conversions`), 0)) / nullIf(toFloat64(parts.`visit_to_order_base`), 0) AS `visit_to_order`
FROM (
SELECT any(`visit_to_order_conversions`) AS `visit_to_order_conversions`, any(`visit_to_order_base`) AS `visit_to_order_base`
FROM (
SELECT `visit_to_order_conversions`, NULL AS `visit_to_order_base` FROM (
SELECT count(later._value) AS `visit_to_order_conversions`
FROM (SELECT base.`e_customer` AS _entity, base.`t_moment` AS _at, base.`m_moments` AS _value
FROM (SELECT `customer` AS `e_customer`, at AS `t_moment`, id AS `m_moments` FROM `shop`.`orders`) AS base) AS later
ASOF INNER JOIN (SELECT base.`e_customer` AS _entity, base.`t_moment` AS _at
FROM (SELECT `customer` AS `e_customer`, `at` AS `t_moment` FROM `shop`.`visits` WHERE toDate(`at`, 'UTC') >= toDate('2026-02-01') AND toDate(`at`, 'UTC') < toDate('2026-03-01')) AS base) AS base ON later._entity = base._entity AND later._at >= base._at
WHERE base._at > addDays(later._at, -7)
)
UNION ALL
SELECT NULL, `visit_to_order_base` FROM (
SELECT count(base.`m_visits`) AS `visit_to_order_base`
FROM (SELECT id AS `m_visits` FROM `shop`.`visits` WHERE toDate(`at`, 'UTC') >= toDate('2026-02-01') AND toDate(`at`, 'UTC') < toDate('2026-03-01')) AS base
)
)
) AS parts
SETTINGS join_use_nulls = 1
