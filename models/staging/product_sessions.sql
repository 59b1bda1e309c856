{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='session_id',
    event_time='session_started_at',
    meta={'backfill_key': 'session_id'},
    order_by=['session_id', 'session_started_at', 'product_id'],
    query_settings=var('bulk_query_settings')
) }}
{#- One row per session and product viewed or bought in it, for the store whose page was
    viewed first; converted when a purchase at or after that view has the product in it. -#}
{%- set touched_products -%}
arrayFilter(
            id -> id != {{ no_id() }},
            multiIf(
                event_type = 'product_viewed', [product_id],
                event_type = 'purchase_completed', purchased_product_ids,
                []
            )
        )
{%- endset -%}
with touches as (
    select
        session_id,
        session_started_at,
        event_id,
        timestamp,
        store_id,
        event_type,
        arrayJoin({{ touched_products }}) as product_id,
        ingested_at
    from {{ ref('session_events').render() }}
    {#- An event without a product can still move the sessions of those with one. #}
    where {{ is_changed(
        'session_id', ref('session_events'),
        counted='length(' ~ touched_products ~ ') * cityHash64(session_started_at)',
        held='touches * cityHash64(session_started_at)'
    ) }}
)

select
    session_id,
    session_started_at,
    product_id,
    {{ day('session_started_at') }} as date,
    argMinIf(store_id, tuple(timestamp, {{ id_order('event_id') }}), event_type = 'product_viewed') as store_id,
    count() as touches,
    countIf(event_type = 'product_viewed') as views,
    views > 0 and maxIf(timestamp, event_type = 'purchase_completed')
        >= minIf(timestamp, event_type = 'product_viewed') as is_converted,
    max(ingested_at) as ingested_at
from touches
group by session_id, session_started_at, product_id
