{{ config(
    materialized='materialized_view',
    engine='SummingMergeTree()',
    order_by=['store_id', 'date'],
    partition_by='toYYYYMM(date)',
    settings={'non_replicated_deduplication_window': 10000}
) }}
{#- Live and approximate: events sent twice count twice. No function here can throw,
    since a throwing view would refuse the insert into events_raw. -#}
select
    store_id,
    {{ day('timestamp') }} as date,
    countIf(event_type = 'product_viewed') as product_views,
    countIf(event_type = 'purchase_completed') as purchases,
    sumIf({{ json_money('properties', 'total') }}, event_type = 'purchase_completed') as revenue
from {{ ref('events_raw') }}
group by store_id, date
