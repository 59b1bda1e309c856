{#- gmv, orders, units_sold, aov and their delivered forms, by period and store. -#}
select
    period.1 as grain,
    period.2 as period_start,
    target.1 as scope,
    target.2 as store_id,
    sumIf(sales.gmv, is_placed) as gmv,
    sumIf(sales.orders, is_placed) as orders,
    sumIf(units, is_placed) as units_sold,
    {{ average_money('sumIf(sales.gmv, is_placed)', 'sumIf(sales.orders, is_placed)') }} as aov,
    sumIf(sales.gmv, is_delivered) as delivered_gmv,
    sumIf(sales.orders, is_delivered) as delivered_orders,
    sumIf(units, is_delivered) as delivered_units,
    {{ average_money('sumIf(sales.gmv, is_delivered)', 'sumIf(sales.orders, is_delivered)') }} as delivered_aov
from (
    select
        *,
        arrayJoin({{ periods_of('date') }}) as period,
        arrayJoin({{ scopes('store_id') }}) as target
    from {{ ref('sales_mart') }}
) as sales
group by grain, period_start, scope, store_id
