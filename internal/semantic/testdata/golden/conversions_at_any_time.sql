SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`orders_ever_after_phone_conversions` AS `orders_ever_after_phone`
FROM (
SELECT base.`metric_time__month` AS `metric_time__month`, count(later._value) AS `orders_ever_after_phone_conversions`
FROM (SELECT base.`e_customer` AS _entity, base.`t_moment` AS _at, base.`m_moments` AS _value
FROM (SELECT `customer` AS `e_customer`, at AS `t_moment`, id AS `m_moments` FROM `shop`.`orders`) AS base) AS later
ASOF INNER JOIN (SELECT base.`e_customer` AS _entity, base.`t_moment` AS _at, toStartOfMonth(base.`t_day`) AS `metric_time__month`
FROM (SELECT `customer` AS `e_customer`, `at` AS `t_moment`, toDate(`at`, 'UTC') AS `t_day`, `device` AS `d_device` FROM `shop`.`visits`) AS base
WHERE (base.`d_device` = 'phone')) AS base ON later._entity = base._entity AND later._at >= base._at
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
