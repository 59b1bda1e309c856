{#- customer_ltv: delivered gmv to date over the store's customers. -#}
select
    store_id,
    count() as customers,
    {{ average_money('sum(delivered_gmv)', 'count()') }} as customer_ltv
from {{ ref('customer_mart') }}
group by store_id
