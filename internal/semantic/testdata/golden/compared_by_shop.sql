SELECT both.`shop` AS `shop`, both.`paid_share` AS `paid_share`, both.`paid_share__previous` AS `paid_share__previous`, both.`paid_share` - both.`paid_share__previous` AS `paid_share__change`
FROM (
SELECT `shop`, any(`paid_share`) AS `paid_share`, any(`paid_share__previous`) AS `paid_share__previous`
FROM (
SELECT `shop`, `paid_share`, NULL AS `paid_share__previous` FROM (
SELECT parts.`shop` AS `shop`, toFloat64(coalesce(parts.`paid_revenue`, 0)) / nullIf(toFloat64(parts.`raw_revenue`), 0) AS `paid_share`
FROM (
SELECT `shop`, any(`paid_revenue`) AS `paid_revenue`, any(`raw_revenue`) AS `raw_revenue`
FROM (
SELECT `shop`, `paid_revenue`, NULL AS `raw_revenue` FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `paid_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue`, `status` AS `d_status` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-10') AND toDate(`day`, 'UTC') < toDate('2026-02-20')) AS base
WHERE (base.`d_status` = 'paid')
GROUP BY `shop`
)
UNION ALL
SELECT `shop`, NULL, `raw_revenue` FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-10') AND toDate(`day`, 'UTC') < toDate('2026-02-20')) AS base
GROUP BY `shop`
)
)
GROUP BY `shop`
) AS parts
)
UNION ALL
SELECT `shop`, NULL AS `paid_share`, earlier.`paid_share` AS `paid_share__previous` FROM (
SELECT parts.`shop` AS `shop`, toFloat64(coalesce(parts.`paid_revenue`, 0)) / nullIf(toFloat64(parts.`raw_revenue`), 0) AS `paid_share`
FROM (
SELECT `shop`, any(`paid_revenue`) AS `paid_revenue`, any(`raw_revenue`) AS `raw_revenue`
FROM (
SELECT `shop`, `paid_revenue`, NULL AS `raw_revenue` FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `paid_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue`, `status` AS `d_status` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-01-31') AND toDate(`day`, 'UTC') < toDate('2026-02-10')) AS base
WHERE (base.`d_status` = 'paid')
GROUP BY `shop`
)
UNION ALL
SELECT `shop`, NULL, `raw_revenue` FROM (
SELECT base.`e_shop` AS `shop`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT `shop` AS `e_shop`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-01-31') AND toDate(`day`, 'UTC') < toDate('2026-02-10')) AS base
GROUP BY `shop`
)
)
GROUP BY `shop`
) AS parts
) AS earlier
)
GROUP BY `shop`
) AS both
ORDER BY `shop`
SETTINGS join_use_nulls = 1
