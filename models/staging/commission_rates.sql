{{ config(order_by=['store_id', 'valid_from']) }}
{#- Which rate a store paid from when on. A store's first known rate holds for all time
    before it, too; a later one from its updated_at, or from its arrival where a file
    gives none. Of several from one moment the last version counts. -#}
with versions as (
    select
        id as store_id,
        commission_rate,
        if(updated_at > toDateTime64(0, 3, 'UTC'), updated_at, toDateTime64(ingested_at, 3, 'UTC')) as known_from,
        tuple(_version, updated_at, ingested_at, _position, cityHash64(commission_rate)) as version
    from {{ ref('stores_raw') }}
    where _deleted = 0
),

numbered as (
    select
        store_id,
        commission_rate,
        known_from,
        version,
        row_number() over (partition by store_id order by version) as version_number
    from versions
)

select
    store_id,
    if(version_number = 1, toDateTime64(0, 3, 'UTC'), known_from) as valid_from,
    argMax(commission_rate, version) as commission_rate
from numbered
group by store_id, valid_from
