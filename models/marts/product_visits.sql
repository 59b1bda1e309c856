{{ config(
    order_by=['store_id', 'known_at'],
    query_settings=var('bulk_query_settings')
) }}
{#- Which products were in one visitor's hands together: those of a session, and those that
    a user ordered on one day, of the last affinity_days. Each visit is there for the
    platform (the zero store) and, where stores are known, for each store's slice of it. -#}
with touches as (
    select
        sipHash128(session_id, session_started_at) as visit,
        session_started_at as known_at,
        date,
        store_id,
        product_id,
        toUInt8(0) as is_order
    from {{ ref('product_sessions') }}
    union all
    select
        sipHash128(user_id, date),
        {{ start_of('addDays(date, 1)') }},
        date,
        store_id,
        product_id,
        toUInt8(1)
    from {{ ref('order_item_facts') }}
    where is_placed
      and user_id != {{ no_id() }}
)

select
    touches.known_at as known_at,
    touches.date as date,
    target as store_id,
    touches.is_order as is_order,
    {#- A visit to hundreds of products says little of any two: a part stands for it, and
        what is kept says nothing of whose visit it was. #}
    arraySort(id -> {{ id_order('id') }}, arraySlice(
        arraySort(id -> tuple(cityHash64(visit, id), {{ id_order('id') }}), groupUniqArray(product_id)),
        1, {{ var('affinity_visit_products') | int }}
    )) as products
from (
    select
        visit, known_at, date, product_id, is_order,
        arrayJoin(if(store_id = {{ no_id() }}, [store_id], [{{ no_id() }}, store_id])) as target
    from touches
    where product_id != {{ no_id() }}
      and date > (select max(date) - {{ var('affinity_days') | int }} from touches)
) as touches
group by visit, known_at, date, target, is_order
