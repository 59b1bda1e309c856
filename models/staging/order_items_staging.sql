{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='id',
    order_by=['id']
) }}
{{ latest_version(
    ref('order_items_raw'),
    ['id'],
    ['order_id', 'product_id', 'quantity', 'price', 'subtotal']
) }}
