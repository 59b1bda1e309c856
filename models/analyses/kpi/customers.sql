{#- new_customers, store_new_customers, returning_customers. On the platform a customer
    returns to the platform, at a store to the store. -#}
select
    period.1 as grain,
    period.2 as period_start,
    target.1 as scope,
    target.2 as store_id,
    uniqExact(user_id) as customers,
    countIf(customer_order_number = 1) as new_customers,
    if(scope = 'store', countIf(store_order_number = 1), null) as store_new_customers,
    customers - if(scope = 'store', countIf(store_order_number = 1), countIf(customer_order_number = 1)) as returning_customers
from (
    select
        *,
        arrayJoin({{ periods_of('date') }}) as period,
        arrayJoin({{ scopes('store_id') }}) as target
    from {{ ref('order_facts') }}
    where is_placed
)
group by grain, period_start, scope, store_id
