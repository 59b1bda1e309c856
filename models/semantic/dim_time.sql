{{ config(materialized='table', order_by=['date']) }}
{#- The time spine: every day from the first to the last that the data know of. -#}
with bounds as (
    select
        min({{ day('moment') }}) as first_day,
        max({{ day('moment') }}) as last_day
    from (
        select min(created_at) as moment from {{ ref('orders_staging') }} where is_deleted = 0
        union all
        select min(timestamp) from {{ ref('events_staging') }}
        union all
        select min(created_at) from {{ ref('stores_staging') }} where is_deleted = 0
        union all
        select min(created_at) from {{ ref('users_staging') }} where is_deleted = 0
        union all
        select min(started_at) from {{ ref('subscriptions_staging') }} where is_deleted = 0
        union all
        select data_through from {{ ref('data_horizon') }}
    )
    where moment > toDateTime64(0, 3, 'UTC')
)

select
    arrayJoin(arrayMap(offset -> addDays(first_day, offset), range(toUInt32(dateDiff('day', first_day, last_day) + 1)))) as date,
    toMonday(date) as week,
    toStartOfMonth(date) as month,
    toStartOfQuarter(date) as quarter,
    toStartOfYear(date) as year,
    toDayOfWeek(date) as day_of_week,
    day_of_week >= 6 as is_weekend
from bounds
where last_day >= first_day
