{{ config(order_by=['id']) }}
{{ latest_version(
    ref('products_raw'),
    ['id'],
    ['store_id', 'name', 'category', 'price', 'stock', 'created_at', 'updated_at']
) }}
