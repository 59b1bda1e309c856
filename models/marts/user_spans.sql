{{ config(order_by=['user_id', 'begins_on']) }}
{#- A placed order keeps its user until the next one, or until it is older than
    user_churn_days. The spans of one user never overlap, so the users kept at a moment
    are the spans begun before it less those ended before it. Nothing is known of later
    than the last order: what is open then ends there. -#}
with spans as (
    select
        order_id,
        user_id,
        created_at as begins_at,
        addDays(created_at, {{ var('user_churn_days') | int }}) as churns_at,
        next_placed_at,
        (select orders_through from {{ ref('data_horizon') }}) as orders_through
    from {{ ref('order_facts') }}
    where is_placed
)

select
    order_id,
    user_id,
    {{ day('begins_at') }} as begins_on,
    {{ day('least(ifNull(next_placed_at, churns_at), churns_at, orders_through)') }} as ends_on,
    churns_at <= orders_through and (next_placed_at is null or next_placed_at > churns_at) as is_churned
from spans
