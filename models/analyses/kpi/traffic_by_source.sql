{#- Sessions, page_views and conversion_rate by traffic source and device. -#}
select
    period.1 as grain,
    period.2 as period_start,
    scope,
    store_id,
    traffic_source,
    device_type,
    sum(traffic.sessions) as sessions,
    sum(traffic.page_views) as page_views,
    {{ rate('sum(sessions_with_purchase)', 'sum(traffic.sessions)') }} as conversion_rate
from (
    select *, arrayJoin({{ periods_of('date') }}) as period
    from {{ ref('traffic_mart') }}
) as traffic
group by grain, period_start, scope, store_id, traffic_source, device_type
