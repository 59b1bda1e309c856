{{ config(order_by=['date', 'payment_id']) }}
{#- One row per payment with its final event: the last of its succeeded and failed ones.
    Its day is the day of that event. -#}
with attempts as (
    select
        JSONExtractString(properties, 'payment_id') as payment_id,
        event_type,
        timestamp,
        event_id,
        store_id,
        JSONExtractString(properties, 'payment_method') as payment_method
    from {{ ref('events_staging') }}
    where event_type in ('payment_succeeded', 'payment_failed')
)

select
    payment_id,
    {{ day('final_at') }} as date,
    argMax(event_type, tuple(timestamp, {{ id_order('event_id') }})) = 'payment_succeeded' as is_succeeded,
    argMax(store_id, tuple(timestamp, {{ id_order('event_id') }})) as store_id,
    argMax(payment_method, tuple(timestamp, {{ id_order('event_id') }})) as payment_method,
    count() as events,
    max(timestamp) as final_at
from attempts
where payment_id != ''
group by payment_id
