{{ config(order_by=['store_id', 'started_at']) }}
{{ latest_version(
    ref('subscriptions_raw'),
    ['store_id', 'started_at'],
    ['plan', 'monthly_fee', 'ended_at', 'updated_at']
) }}
