{{ config(order_by=['id']) }}
{{ latest_version(
    ref('stores_raw'),
    ['id'],
    ['name', 'email', 'language', 'city', 'state', 'commission_rate', 'plan', 'created_at', 'updated_at']
) }}
