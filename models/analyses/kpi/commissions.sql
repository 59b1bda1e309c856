{#- commissions and take_rate over delivered orders. -#}
select
    period.1 as grain,
    period.2 as period_start,
    target.1 as scope,
    target.2 as store_id,
    sum(commission) as commissions,
    {{ rate('sum(commission)', 'sum(gmv)') }} as take_rate
from (
    select
        *,
        arrayJoin({{ periods_of('date') }}) as period,
        arrayJoin({{ scopes('store_id') }}) as target
    from {{ ref('sales_mart') }}
    where is_delivered
)
group by grain, period_start, scope, store_id
