SELECT coalesce(parts.`lost_buyers`, 0) AS `lost_buyers`, coalesce(parts.`previous_buyers`, 0) AS `previous_buyers`
FROM (
SELECT uniqExact(if((base.`p_next_day` IS NULL OR base.`p_next_day` >= toDate('2026-04-01')), base.`m_lost_buyers`, NULL)) AS `lost_buyers`, uniqExact(base.`m_previous_buyers`) AS `previous_buyers`
FROM (SELECT customer AS `m_lost_buyers`, toDate(`next_day`, 'UTC') AS `p_next_day`, customer AS `m_previous_buyers` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-01') AND toDate(`day`, 'UTC') < toDate('2026-03-01')) AS base
) AS parts
SETTINGS join_use_nulls = 1
