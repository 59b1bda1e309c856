{{ config(
    order_by=['scope', 'store_id', 'category', 'rank_in_category'],
    query_settings=var('bulk_query_settings')
) }}
{#- How much each product was in hands lately, on the platform and at each store: what is
    suggested where too little is known of what goes with a product. -#}
with strengths as (
    select
        store_id,
        arrayJoin(products) as product_id,
        sum(weight) / 1000000000 as strength
    from ({{ weighted_visits() }})
    group by store_id, product_id
),

offered as (
    select
        strengths.store_id as store_id,
        strengths.product_id as product_id,
        products.store_id as seller_id,
        products.category as category,
        strengths.strength as strength
    from strengths
    inner join {{ ref('dim_product') }} as products on products.product_id = strengths.product_id
    where strengths.product_id not in {{ deleted_products() }}
)

select
    {{ scope_of('store_id') }} as scope,
    *,
    row_number() over (
        partition by store_id
        order by strength desc, {{ id_order('product_id') }}
    ) as rank,
    row_number() over (
        partition by store_id, category
        order by strength desc, {{ id_order('product_id') }}
    ) as rank_in_category
from offered
