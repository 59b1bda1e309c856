{{ config(order_by=['grain', 'period_start']) }}
{#- A user is churned from the moment at which the last placed order is older than
    user_churn_days. Each placed order keeps its user for a span that ends with the next
    order or with the churn; the spans of one user never overlap, so the users kept at a
    moment are the spans begun before it less the spans ended before it. -#}
with spans as (
    select
        user_id,
        created_at as begins_at,
        addDays(created_at, {{ var('user_churn_days') | int }}) as churns_at,
        least(ifNull(next_placed_at, churns_at), churns_at) as ends_at,
        next_placed_at is null or next_placed_at > churns_at as is_churned
    from {{ ref('order_facts') }}
    where is_placed
),

kept as (
    select
        date,
        sum(sum(change)) over (order by date rows between unbounded preceding and 1 preceding) as users
    from (
        select {{ day('begins_at') }} as date, toInt64(1) as change from spans
        union all
        select {{ day('ends_at') }}, toInt64(-1) from spans
        union all
        select date, toInt64(0) from {{ ref('dim_time') }}
    )
    group by date
),

periods as (
    select distinct period.1 as grain, period.2 as period_start
    from (
        select arrayJoin({{ periods_of('date') }}) as period
        from {{ ref('dim_time') }}
        where date <= (select {{ day('orders_through') }} from {{ ref('data_horizon') }})
    )
),

churned as (
    select
        period.1 as grain,
        period.2 as period_start,
        uniqExact(user_id) as churned_users
    from (
        select user_id, arrayJoin({{ periods_of(day('churns_at')) }}) as period
        from spans
        where is_churned
          and churns_at <= (select orders_through from {{ ref('data_horizon') }})
    )
    group by grain, period_start
)

select
    periods.grain as grain,
    periods.period_start as period_start,
    toUInt64(kept.users) as users_at_start,
    churned.churned_users as churned_users,
    {{ start_of(next_period('periods.grain', 'periods.period_start')) }} <= horizon.orders_through as is_complete
from periods
left join kept on kept.date = periods.period_start
left join churned on churned.grain = periods.grain and churned.period_start = periods.period_start
cross join {{ ref('data_horizon') }} as horizon
