{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='date',
    event_time='date',
    partition_by='toYYYYMM(date)',
    order_by=['date', 'user_id'],
    query_settings=var('bulk_query_settings')
) }}
{#- One row per day and user with a web event on it: active users of any period are the
    distinct users of its rows, never a sum of shorter periods. -#}
{%- set of_users = 'is_web and not is_bot and user_id != ' ~ no_id() %}
select
    {{ day('timestamp') }} as date,
    user_id,
    count() as web_events,
    max(ingested_at) as ingested_at
from {{ ref('events_staging') }}
where {{ of_users }}
  and {{ is_changed('date', ref('events_staging'), held='web_events', source_key=day('timestamp'), counted_where=of_users) }}
group by date, user_id
