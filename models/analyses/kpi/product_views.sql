{#- product_views and product_conversion_rate, by product. -#}
select
    period.1 as grain,
    period.2 as period_start,
    target.1 as scope,
    target.2 as store_id,
    product_id,
    sum(views.product_views) as product_views,
    sum(view_sessions) as product_sessions,
    {{ rate('sum(converted_sessions)', 'sum(view_sessions)') }} as product_conversion_rate
from (
    select
        *,
        arrayJoin({{ periods_of('date') }}) as period,
        arrayJoin({{ scopes('store_id') }}) as target
    from {{ ref('product_mart') }}
) as views
group by grain, period_start, scope, store_id, product_id
