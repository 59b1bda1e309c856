{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='session_id',
    event_time='session_started_at',
    meta={'backfill_key': 'session_id'},
    order_by=['session_id', 'session_started_at'],
    query_settings=var('bulk_query_settings')
) }}
{{ summarise_sessions(ref('session_events'), by_store=false) }}
