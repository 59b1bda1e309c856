SELECT parts.`visit__source` AS `visit__source`, parts.`orders_after_visit_conversions` AS `orders_after_visit`, if(parts.`visit_to_order_base` IS NULL, NULL, coalesce(toFloat64(parts.`visit_to_order_conversions`), 0)) / nullIf(toFloat64(parts.`visit_to_order_base`), 0) AS `visit_to_order`
FROM (
SELECT `visit__source`, any(`orders_after_visit_conversions`) AS `orders_after_visit_conversions`, any(`visit_to_order_conversions`) AS `visit_to_order_conversions`, any(`visit_to_order_base`) AS `visit_to_order_base`
FROM (
SELECT `visit__source`, `orders_after_visit_conversions`, NULL AS `visit_to_order_conversions`, NULL AS `visit_to_order_base` FROM (
SELECT base.`visit__source` AS `visit__source`, count(later._value) AS `orders_after_visit_conversions`
FROM (SELECT base.`e_customer` AS _entity, base.`t_moment` AS _at, base.`m_moments` AS _value
FROM (SELECT `customer` AS `e_customer`, at AS `t_moment`, id AS `m_moments` FROM `shop`.`orders`) AS base) AS later
ASOF INNER JOIN (SELECT base.`e_customer` AS _entity, base.`t_moment` AS _at, base.`d_source` AS `visit__source`
FROM (SELECT `customer` AS `e_customer`, `at` AS `t_moment`, `source` AS `d_source` FROM `shop`.`visits`) AS base) AS base ON later._entity = base._entity AND later._at >= base._at
WHERE base._at > addDays(later._at, -7)
GROUP BY `visit__source`
)
UNION ALL
SELECT `visit__source`, NULL, `visit_to_order_conversions`, NULL FROM (
SELECT base.`visit__source` AS `visit__source`, count(later._value) AS `visit_to_order_conversions`
FROM (SELECT base.`e_customer` AS _entity, base.`t_moment` AS _at, base.`m_moments` AS _value
FROM (SELECT `customer` AS `e_customer`, at AS `t_moment`, id AS `m_moments` FROM `shop`.`orders`) AS base) AS later
ASOF INNER JOIN (SELECT base.`e_customer` AS _entity, base.`t_moment` AS _at, base.`d_source` AS `visit__source`
FROM (SELECT `customer` AS `e_customer`, `at` AS `t_moment`, `source` AS `d_source` FROM `shop`.`visits`) AS base) AS base ON later._entity = base._entity AND later._at >= base._at
WHERE base._at > addDays(later._at, -7)
GROUP BY `visit__source`
)
UNION ALL
SELECT `visit__source`, NULL, NULL, `visit_to_order_base` FROM (
SELECT base.`d_source` AS `visit__source`, count(base.`m_visits`) AS `visit_to_order_base`
FROM (SELECT `source` AS `d_source`, id AS `m_visits` FROM `shop`.`visits`) AS base
GROUP BY `visit__source`
)
)
GROUP BY `visit__source`
) AS parts
ORDER BY `visit__source`
SETTINGS join_use_nulls = 1
