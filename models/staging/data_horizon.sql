{#- How far the data reach, in place of a clock: a model never asks what time it is, so
    that the same data give the same tables on any day. The epoch where there are none. -#}
select
    maxIf(moment, source = 'orders') as orders_through,
    maxIf(moment, source = 'events') as events_through,
    maxIf(moment, source = 'subscriptions') as subscriptions_through,
    max(moment) as data_through
from (
    select 'orders' as source, max(greatest(created_at, updated_at)) as moment
    from {{ ref('orders_staging') }}
    where is_deleted = 0
    union all
    select 'events', max(timestamp) from {{ ref('events_staging') }}
    union all
    select 'subscriptions', max(started_at) from {{ ref('subscriptions_staging') }} where is_deleted = 0
)
