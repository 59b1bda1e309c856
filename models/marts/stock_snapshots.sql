{{ config(order_by=['product_id', 'date']) }}
{#- Stock at the end of each day: the last version of the product on that day or before,
    from the day of its first version to the last day on which any product was recorded.
    There is no snapshot outside of that. A version is of the day of its updated_at, or of
    its arrival where a file gives none. From where the change log knows a product, files
    do not count: what they hold is older, whenever they are loaded. -#}
{%- set recorded_at -%}
if(updated_at > toDateTime64(0, 3, 'UTC'), updated_at, toDateTime64(ingested_at, 3, 'UTC'))
{%- endset -%}
with followed as (
    select id, min({{ recorded_at }}) as followed_from
    from {{ ref('products_raw') }}
    where _version > 0
    group by id
),

versions as (
    select
        products.id as product_id,
        store_id,
        stock,
        _deleted as is_deleted,
        {{ recorded_at }} as recorded_at,
        tuple(recorded_at, _version, ingested_at, _position, cityHash64(store_id, stock)) as version
    from {{ ref('products_raw') }} as products
    left join followed on followed.id = products.id
    where _version > 0 or followed_from = toDateTime64(0, 3, 'UTC') or recorded_at < followed_from
),

closing as (
    select
        product_id,
        {{ day('recorded_at') }} as recorded_on,
        argMax(tuple(store_id, stock, is_deleted), version) as state
    from versions
    group by product_id, recorded_on
),

spans as (
    select
        *,
        leadInFrame(recorded_on, 1, addDays(last_day, 1)) over (
            partition by product_id order by recorded_on rows between unbounded preceding and unbounded following
        ) as until
    from closing
    cross join (select max({{ day('recorded_at') }}) as last_day from versions) as recorded
)

select
    product_id,
    arrayJoin(arrayMap(offset -> addDays(recorded_on, offset), range(toUInt32(dateDiff('day', recorded_on, until))))) as date,
    state.1 as store_id,
    state.2 as stock
from spans
where state.3 = 0
