{{ config(materialized='incremental', unique_key='id', order_by=['id'], engine='MergeTree()', tags='orders') }}

select
    id,
    customer_id,
    {{ cents_to_money('amount_cents') }} as amount,
    status,
    updated_at
from {{ source('raw', 'orders') }}
where updated_at >= '{{ var("start_date") }}'
{% if is_incremental() %}
  and updated_at > (select max(updated_at) from {{ this }})
{% endif %}
