SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`customer__city` AS `customer__city`, coalesce(parts.`revenue`, 0) AS `revenue`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT _slot.1 AS `metric_time__month`, `customer__city`, any(_slot.2) AS `revenue`, any(_slot.3) AS `order_count`
FROM (
SELECT `customer__city`, arrayJoin(arrayConcat(groupArray((`metric_time__month`, toNullable(`revenue`), toNullable(`order_count`))), (SELECT groupUniqArray((toStartOfMonth(`day`), NULL, NULL)) FROM `shop`.`days`))) AS _slot
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, `customer`.`d_city` AS `customer__city`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `customer` AS `e_customer`, amount AS `m_revenue`, id AS `m_orders`, `status` AS `d_status` FROM `shop`.`orders`) AS base
LEFT JOIN (SELECT id AS `k_customer`, `city` AS `d_city` FROM `shop`.`customers`) AS `customer` ON base.`e_customer` = `customer`.`k_customer`
WHERE (base.`d_status` != 'cancelled')
GROUP BY `metric_time__month`, `customer__city`
)
GROUP BY `customer__city`
)
GROUP BY `metric_time__month`, `customer__city`
) AS parts
QUALIFY ifNull(parts.`metric_time__month` >= minIf(parts.`metric_time__month`, parts.`revenue` IS NOT NULL OR parts.`order_count` IS NOT NULL) OVER (), 1)
ORDER BY `revenue` DESC, `metric_time__month`, `customer__city`
LIMIT 5
SETTINGS join_use_nulls = 1
