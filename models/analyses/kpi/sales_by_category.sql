{#- gmv and units_sold by category. -#}
select
    period.1 as grain,
    period.2 as period_start,
    target.1 as scope,
    target.2 as store_id,
    category,
    sum(sales.gmv) as gmv,
    sum(sales.units_sold) as units_sold
from (
    select
        *,
        arrayJoin({{ periods_of('date') }}) as period,
        arrayJoin({{ scopes('store_id') }}) as target
    from {{ ref('product_mart') }}
) as sales
group by grain, period_start, scope, store_id, category
