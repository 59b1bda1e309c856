{#- stock_on_hand at the end of each period (a product's last snapshot in it) and
    sell_through_rate, by store. A sale counts for the store of its order, stock for the
    store of its product. -#}
with stock as (
    select
        grain,
        period_start,
        scope,
        store_id,
        sum(last_stock) as stock_on_hand
    from (
        select
            period.1 as grain,
            period.2 as period_start,
            target.1 as scope,
            target.2 as store_id,
            product_id,
            argMax(stock, date) as last_stock
        from (
            select
                product_id, stock, date,
                arrayJoin({{ periods_of('date') }}) as period,
                arrayJoin({{ scopes('store_id') }}) as target
            from {{ ref('stock_snapshots') }}
        )
        group by grain, period_start, scope, store_id, product_id
    )
    group by grain, period_start, scope, store_id
),

sales as (
    select
        period.1 as grain,
        period.2 as period_start,
        target.1 as scope,
        target.2 as store_id,
        sum(units) as units_sold
    from (
        select
            units,
            arrayJoin({{ periods_of('date') }}) as period,
            arrayJoin({{ scopes('store_id') }}) as target
        from {{ ref('sales_mart') }}
        where is_placed
    )
    group by grain, period_start, scope, store_id
)

select
    grain,
    period_start,
    scope,
    store_id,
    stock.stock_on_hand as stock_on_hand,
    ifNull(sales.units_sold, 0) as units_sold,
    {{ rate('ifNull(sales.units_sold, 0)', 'ifNull(sales.units_sold, 0) + stock.stock_on_hand') }} as sell_through_rate
from stock
full outer join sales using (grain, period_start, scope, store_id)
settings join_use_nulls = 1
