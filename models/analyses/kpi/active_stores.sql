{#- active_stores: stores with a placed order in the period. -#}
select
    period.1 as grain,
    period.2 as period_start,
    uniqExact(store_id) as active_stores
from (
    select store_id, arrayJoin({{ periods_of('date') }}) as period
    from {{ ref('sales_mart') }}
    where is_placed
)
group by grain, period_start
