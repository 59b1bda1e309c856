{{ config(order_by=['id']) }}
{{ latest_version(
    ref('users_raw'),
    ['id'],
    ['city', 'state', 'created_at', 'updated_at']
) }}
