{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='date',
    event_time='date',
    partition_by='toYYYYMM(date)',
    order_by=['date', 'hour', 'method', 'route'],
    query_settings=var('bulk_query_settings')
) }}
{#- API requests by hour and route, with a mergeable state of their durations: quantiles
    of any span come from merging the states of its hours, and are exact to 0.1 ms. -#}
select
    {{ day('timestamp') }} as date,
    toStartOfHour(timestamp, '{{ var("timezone") }}') as hour,
    JSONExtractString(properties, 'method') as method,
    JSONExtractString(properties, 'route') as route,
    count() as requests,
    countIf(JSONExtractUInt(properties, 'status') >= 500) as errors,
    quantilesExactWeightedState(0.5, 0.95, 0.99)(
        round(JSONExtractFloat(properties, 'duration_ms'), 1), 1
    ) as duration_ms_state,
    max(ingested_at) as ingested_at
from {{ ref('events_staging') }}
where event_type = 'api_request'
  and {{ is_changed('date', ref('events_staging'), held='requests', source_key=day('timestamp'), counted_where="event_type = 'api_request'") }}
group by date, hour, method, route
