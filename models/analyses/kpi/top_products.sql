{#- gmv and units_sold by product, the best first; the id settles equal ones. -#}
select
    period.1 as grain,
    period.2 as period_start,
    target.1 as scope,
    target.2 as store_id,
    product_id,
    sum(sales.gmv) as gmv,
    sum(sales.units_sold) as units_sold,
    row_number() over (
        partition by grain, period_start, scope, store_id
        order by gmv desc, units_sold desc, {{ id_order('product_id') }}
    ) as place
from (
    select
        *,
        arrayJoin({{ periods_of('date') }}) as period,
        arrayJoin({{ scopes('store_id') }}) as target
    from {{ ref('product_mart') }}
) as sales
group by grain, period_start, scope, store_id, product_id
having units_sold > 0
