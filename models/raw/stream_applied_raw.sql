{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    settings={'auto_statistics_types': ''},
    engine='ReplacingMergeTree(revision)',
    order_by=['topic', 'stream_partition']
) }}
select
    {{ typed('String', 'topic') }},
    {{ typed('UInt32', 'stream_partition') }},
    {{ typed('String', 'progress') }},
    {{ typed('UInt64', 'revision') }}
from system.one
where 0
