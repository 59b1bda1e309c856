{{ config(order_by=['target', 'date']) }}
{#- Minutes whose health probe was due, and those of them that are up. A probe is due
    every probe_interval_minutes from the target's first to its last one; a due minute is
    up when there are probes between it and the next one and each of them was answered
    without a 5xx. -#}
{%- set interval = var('probe_interval_minutes') | int -%}
with probes as (
    select
        JSONExtractString(properties, 'target') as target,
        toStartOfMinute(timestamp) as minute,
        JSONExtractUInt(properties, 'status') between 1 and 499 as is_answered
    from {{ ref('events_staging') }}
    where event_type = 'health_probe'
),

spans as (
    select
        target,
        min(minute) as first_minute,
        max(minute) as last_minute
    from probes
    group by target
),

minutes as (
    select
        probes.target as target,
        addMinutes(first_minute, {{ interval }} * intDiv(dateDiff('minute', first_minute, probes.minute), {{ interval }})) as minute,
        min(is_answered) as is_up
    from probes
    inner join spans on spans.target = probes.target
    group by target, minute
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
    toUInt64(
        ceil(dateDiff('minute', days.first_minute, least(days.day_end, addMinutes(days.last_minute, 1))) / {{ interval }})
        - ceil(dateDiff('minute', days.first_minute, greatest(days.day_start, days.first_minute)) / {{ interval }})
    ) as due_minutes,
    up.up_minutes as up_minutes
from days
left join up on up.target = days.target and up.date = days.date
