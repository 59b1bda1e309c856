{{ config(
    materialized='incremental',
    incremental_strategy='append',
    event_time='timestamp',
    meta={'backfill_key': 'event_id'},
    order_by=['session_id', 'timestamp', 'event_id'],
    partition_by='toYYYYMM(timestamp)',
    query_settings=var('bulk_query_settings')
) }}
{#- One row per event_id: the copy that arrived first. A row once written never changes,
    so a run only appends ids that the table does not hold yet, in whichever month the
    first copy lies. Which those are is found by ids alone, first among what arrived
    lately, then, for the few that remain, in the whole table. Few ids of a first build
    occur twice, and only those are sorted. A backfill looks at all copies of the ids of
    its slice. -#}
{%- set arrived = arrived_since_last_run() ~ ' and event_id != ' ~ no_id() ~ " and event_type != ''" -%}
{%- set first_of_each = 'order by event_id, ingested_at, _position, timestamp, session_id, user_id, event_type, properties, _batch limit 1 by event_id' -%}
{%- set raw = ref('events_raw').render() -%}
with
{%- if is_backfilled_by_key() %}
asked as (
    {{ backfilled_keys('event_id', ref('events_raw')) }}
),

repeated as (
    select event_id from {{ raw }} where {{ arrived }} and event_id in (select event_id from asked) group by event_id having count() > 1
),

first_copies as (
    select * from {{ raw }}
    where {{ arrived }}
      and event_id in (select event_id from asked)
      and event_id not in (select event_id from repeated)
    union all
    select * from {{ raw }} where {{ arrived }} and event_id in (select event_id from repeated)
    {{ first_of_each }}
)
{%- elif is_incremental() %}
missing as (
    select event_id
    from (
        select event_id, 0 as is_held from {{ ref('events_raw') }} where {{ arrived }}
        union all
        select event_id, 1 from {{ this }} where {{ arrived_since_last_run() }}
    )
    group by event_id
    having max(is_held) = 0
),

first_copies as (
    select *
    from {{ ref('events_raw') }}
    where {{ arrived }}
      and event_id in (select event_id from missing)
      and event_id not in (select event_id from {{ this }} where event_id in (select event_id from missing))
    {{ first_of_each }}
)
{%- else %}
repeated as (
    select event_id from {{ ref('events_raw') }} where {{ arrived }} group by event_id having count() > 1
),

first_copies as (
    select * from {{ ref('events_raw') }} where {{ arrived }} and event_id not in (select event_id from repeated)
    union all
    select * from {{ ref('events_raw') }} where {{ arrived }} and event_id in (select event_id from repeated)
    {{ first_of_each }}
)
{%- endif %}

select
    event_id,
    event_type,
    timestamp,
    session_id,
    user_id,
    store_id,
    {{ json_id('properties', 'product_id') }} as product_id,
    toLowCardinality(JSONExtractString(properties, 'product_category')) as product_category,
    if(event_type = 'purchase_completed', {{ json_money('properties', 'total') }}, toDecimal64(0, 2)) as total,
    if(event_type = 'purchase_completed',
        arrayDistinct(arrayMap(item -> toUUIDOrZero(item.1),
            JSONExtract(properties, 'items', 'Array(Tuple(product_id String))'))),
        []) as purchased_product_ids,
    if(page_view_id = toString({{ no_id() }}), '', page_view_id) as page_view_id,
    page_url,
    referrer,
    device_type,
    os,
    browser,
    country,
    toLowCardinality(if(traffic_source != '', traffic_source, {{ traffic_source('page_url', 'referrer') }})) as traffic_source,
    toUInt8(is_bot or match(user_agent, '{{ var("bot_user_agents") | replace("\\", "\\\\") }}')) as is_bot,
    {{ is_one_of('event_type', var('web_event_types')) }} as is_web,
    properties,
    ingested_at
from first_copies
{{ union_all_expired(ref('events_raw'), 'event_id', 'timestamp', [
    'event_id', 'event_type', 'timestamp', 'session_id', 'user_id', 'store_id', 'product_id', 'product_category', 'total',
    'purchased_product_ids', 'page_view_id', 'page_url', 'referrer', 'device_type', 'os', 'browser', 'country',
    'traffic_source', 'is_bot', 'is_web', 'properties', 'ingested_at',
]) }}
