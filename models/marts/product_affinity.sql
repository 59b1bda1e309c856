{{ config(
    order_by=['scope', 'store_id', 'product_id', 'rank'],
    query_settings=var('bulk_query_settings')
) }}
{#- What goes with a product. A walk from a product to one of its visits, each as likely as
    it weighs, and on to one of the visit's products: the score is how likely it ends at the
    related product (the method is known as RP3beta). Shrinkage keeps products of few visits
    from being sure of anything; the discount holds back what goes with everything. -#}
{%- set discount = var('affinity_popularity_discount') | float -%}
with visits as (
    {{ weighted_visits() }}
),

strengths as (
    select store_id, arrayJoin(products) as product_id, sum(weight) / 1000000000 as strength
    from visits
    group by store_id, product_id
),

pairs as (
    select
        any(pair.1) as store_id,
        any(pair.2) as product_id,
        any(pair.3) as related_product_id,
        sum(intDiv(weight, length(products))) / 1000000000 as together,
        toUInt64(countIf(not is_order)) as sessions,
        toUInt64(countIf(is_order)) as orders
    from (
        select
            tuple(store_id, first_product_id, related_product_id) as pair,
            weight, is_order, products
        from (
            select store_id, weight, is_order, products, arrayJoin(products) as first_product_id
            from visits
            where length(products) > 1
        )
        array join products as related_product_id
        where related_product_id != first_product_id
          and related_product_id not in {{ deleted_products() }}
    )
    {#- One number is grouped by faster than three ids. #}
    group by sipHash128(pair.1, pair.2, pair.3)
),

best as (
    select
        pairs.store_id as store_id,
        pairs.product_id as product_id,
        arraySlice(arraySort(groupArray(tuple(
            -pairs.together{% if discount > 0 %} / pow(related.strength, {{ discount }}){% endif %},
            {{ id_order('related_product_id') }},
            related_product_id, sessions, orders
        ))), 1, {{ var('affinity_neighbours') | int }}) as neighbours
    from pairs
    {%- if discount > 0 %}
    inner join strengths as related
        on related.store_id = pairs.store_id and related.product_id = pairs.related_product_id
    {%- endif %}
    group by store_id, product_id
)

select
    {{ scope_of('best.store_id') }} as scope,
    best.store_id as store_id,
    best.product_id as product_id,
    neighbour.3 as related_product_id,
    neighbour.4 as sessions,
    neighbour.5 as orders,
    -neighbour.1 / (own.strength + {{ var('affinity_shrinkage') | float }}) as score,
    toUInt64(rank) as rank
from best
inner join strengths as own on own.store_id = best.store_id and own.product_id = best.product_id
array join neighbours as neighbour, arrayEnumerate(neighbours) as rank
