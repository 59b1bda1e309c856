{{ config(order_by=['grain', 'period_start']) }}
{#- Stores with a placed order in each period, and those of the period before that have
    none in this one. A period that the data do not cover to its end is not complete. -#}
with active as (
    select distinct
        period.1 as grain,
        period.2 as period_start,
        store_id
    from (
        select store_id, arrayJoin({{ periods_of('date') }}) as period
        from {{ ref('sales_mart') }}
        where is_placed
    )
),

followed as (
    select
        grain,
        store_id,
        period_start,
        {{ next_period('grain', 'period_start') }} as following,
        leadInFrame(period_start) over (
            partition by grain, store_id order by period_start
            rows between unbounded preceding and unbounded following
        ) = following as stays
    from active
),

changes as (
    select grain, period_start, 1 as is_active, 0 as was_active, 0 as has_left from followed
    union all
    select grain, following as period_start, 0, 1, not stays from followed
)

select
    grain,
    period_start,
    sum(is_active) as active_stores,
    sum(was_active) as previous_active_stores,
    sum(has_left) as churned_stores,
    {{ start_of(next_period('grain', 'period_start')) }} <= any(horizon.orders_through) as is_complete
from changes
cross join {{ ref('data_horizon') }} as horizon
where period_start <= {{ day('horizon.orders_through') }}
group by grain, period_start
