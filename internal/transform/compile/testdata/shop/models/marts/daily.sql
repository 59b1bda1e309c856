{{ config(
    materialized='incremental', incremental_strategy='microbatch', event_time='created_at',
    begin='2024-01-01', batch_size='day', lookback=1, unique_key='id'
) }}
select id, created_at from {{ source('raw', 'customers') }}
union all
select id, created_at from {{ ref('stg_customers') }}
