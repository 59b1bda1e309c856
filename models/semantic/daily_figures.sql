{{ config(materialized='view') }}
{#- What live_daily counts, counted from the events themselves: late ones are in, and
    nothing depends on the streams. `tiendi backfill --cache` brings these into Redis. -#}
{%- set item_columns -%}
arrayMap(
            item -> tuple(
                {{ json_id('item', 'product_id') }},
                if(JSONExtractFloat(item, 'quantity') > 0 and JSONExtractFloat(item, 'quantity') = floor(JSONExtractFloat(item, 'quantity')),
                    toUInt64(JSONExtractFloat(item, 'quantity')), toUInt64(0)),
                {{ json_money('item', 'price') }}
            ),
            JSONExtractArrayRaw(properties, 'items')
        )
{%- endset -%}
with visits as (
    select
        {{ day('timestamp') }} as date,
        event_id,
        event_type,
        store_id,
        toString(if(length(traffic_source) > 256, '(other)', traffic_source)) as source,
        if(event_type in ('checkout_started', 'purchase_completed'), {{ item_columns }}, []) as items,
        if(event_type in ('product_viewed', 'add_to_cart'), [tuple(product_id, toUInt64(0), toDecimal64(0, 2))], items) as touched,
        if(event_type = 'purchase_completed', arraySum(item -> item.2, items), 0) as units,
        total
    from {{ ref('events_staging') }}
    where is_web and not is_bot
      and event_type in ('product_viewed', 'add_to_cart', 'checkout_started', 'purchase_completed')
)

{%- for dimensions, source in [('store', "''"), ('store_source', 'source')] %}

select
    date,
    '{{ dimensions }}' as dimensions,
    arrayJoin({{ scopes('visits.store_id') }}).2 as store_id,
    {{ no_id() }} as product_id,
    {{ source }} as traffic_source,
    countIf(event_type = 'product_viewed') as views,
    countIf(event_type = 'add_to_cart') as carts,
    countIf(event_type = 'checkout_started') as checkouts,
    countIf(event_type = 'purchase_completed') as purchases,
    sum(visits.units) as units,
    toDecimal64(sum(total), 2) as live_revenue
from visits
group by date, store_id, traffic_source
union all
{%- endfor %}

select
    date,
    'product' as dimensions,
    store_id,
    touch.1 as product_id,
    '' as traffic_source,
    countIf(event_type = 'product_viewed') as views,
    countIf(event_type = 'add_to_cart') as carts,
    uniqExactIf(event_id, event_type = 'checkout_started') as checkouts,
    uniqExactIf(event_id, event_type = 'purchase_completed') as purchases,
    sumIf(touch.2, event_type = 'purchase_completed') as units,
    toDecimal64(sumIf(touch.2 * touch.3, event_type = 'purchase_completed'), 2) as live_revenue
from (select *, arrayJoin(touched) as touch from visits)
where touch.1 != {{ no_id() }}
group by date, store_id, product_id
