{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='id',
    event_time='created_at',
    meta={'backfill_key': 'id'},
    order_by=['id']
) }}
{{ latest_version(
    ref('orders_raw'),
    ['id'],
    ['store_id', 'user_id', 'status', 'subtotal', 'delivery_fee', 'total', 'payment_method', 'created_at', 'updated_at']
) }}
