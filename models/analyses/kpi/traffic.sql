{#- store_visits (the sessions of a store's scope), page_views and the rates over sessions. -#}
select
    period.1 as grain,
    period.2 as period_start,
    scope,
    store_id,
    sum(traffic.sessions) as sessions,
    sum(traffic.page_views) as page_views,
    {{ rate('sum(bounced_sessions)', 'sum(traffic.sessions)') }} as bounce_rate,
    {{ rate('sum(engaged_sessions)', 'sum(traffic.sessions)') }} as engaged_session_rate,
    {{ rate('sum(session_duration_ms)', '1000 * sum(traffic.sessions)') }} as avg_time_on_site_s,
    {{ rate('sum(sessions_with_purchase)', 'sum(traffic.sessions)') }} as conversion_rate,
    {{ rate('sum(sessions_with_product_view_and_cart)', 'sum(sessions_with_product_view)') }} as add_to_cart_rate,
    1 - {{ rate('sum(sessions_with_purchase_after_cart)', 'sum(sessions_with_cart)') }} as cart_abandonment_rate,
    {{ rate('sum(sessions_with_purchase_after_checkout)', 'sum(sessions_with_checkout)') }} as checkout_completion_rate,
    sum(traffic.live_revenue) as live_revenue
from (
    select *, arrayJoin({{ periods_of('date') }}) as period
    from {{ ref('traffic_mart') }}
) as traffic
group by grain, period_start, scope, store_id
