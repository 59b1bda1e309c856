{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='date',
    event_time='date',
    partition_by='toYYYYMM(date)',
    order_by=['store_id', 'product_id', 'date'],
    query_settings=var('bulk_query_settings')
) }}
{#- How products are looked at, by day and store. Views stand on their own day, sessions
    on the day of their first event. Web events that name no product are kept under the
    zero id, so that every day with web events has rows and can be rebuilt. -#}
select
    date,
    store_id,
    product_id,
    sum(web_events) as web_events,
    sum(product_views) as product_views,
    sum(view_sessions) as view_sessions,
    sum(converted_sessions) as converted_sessions,
    max(ingested_at) as ingested_at
from (
    select
        {{ day('timestamp') }} as date,
        store_id,
        product_id,
        count() as web_events,
        countIf(event_type = 'product_viewed') as product_views,
        toUInt64(0) as view_sessions,
        toUInt64(0) as converted_sessions,
        max(ingested_at) as ingested_at
    from {{ ref('session_events') }}
    where {{ is_day_of_changed_sessions(ref('session_events'), held='web_events') }}
    group by date, store_id, product_id
    union all
    select date, store_id, product_id, 0, 0, count(), sum(is_converted), max(ingested_at)
    from {{ ref('product_sessions') }}
    where views > 0
      and {{ is_day_of_changed_sessions(ref('session_events'), held='web_events') }}
    group by date, store_id, product_id
)
group by date, store_id, product_id
