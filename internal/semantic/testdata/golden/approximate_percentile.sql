SELECT parts.`p50_about` AS `p50_about`
FROM (
SELECT quantileTDigestOrNull(0.5)(base.`m_p50_about`) AS `p50_about`
FROM (SELECT units AS `m_p50_about` FROM `shop`.`orders`) AS base
) AS parts
SETTINGS join_use_nulls = 1
