{{ config(order_by=['target', 'date']) }}
{#- Minutes whose health probe was due, and those of them that are up. A probe is due in
    every minute from the target's first to its last one; a minute is up when it has
    probes and each of them was answered without a 5xx. -#}
with minutes as (
    select
        JSONExtractString(properties, 'target') as target,
        toStartOfMinute(timestamp) as minute,
        min(JSONExtractUInt(properties, 'status') between 1 and 499) as is_up
    from {{ ref('events_staging') }}
    where event_type = 'health_probe'
    group by target, minute
),

spans as (
    select
        target,
        min(minute) as first_minute,
        max(minute) as last_minute
    from minutes
    group by target
),

days as (
    select
        target,
        first_minute,
        last_minute,
        arrayJoin(arrayMap(offset -> addDays({{ day('first_minute') }}, offset), range(toUInt32(
            dateDiff('day', {{ day('first_minute') }}, {{ day('last_minute') }}) + 1)))) as date,
        toDateTime({{ start_of('date') }}) as day_start,
        toDateTime({{ start_of('addDays(date, 1)') }}) as day_end
    from spans
),

up as (
    select target, {{ day('minute') }} as date, sum(is_up) as up_minutes
    from minutes
    group by target, date
)

select
    days.target as target,
    days.date as date,
    toUInt64(dateDiff('minute', greatest(days.day_start, days.first_minute),
        least(days.day_end, addMinutes(days.last_minute, 1)))) as due_minutes,
    up.up_minutes as up_minutes
from days
left join up on up.target = days.target and up.date = days.date
