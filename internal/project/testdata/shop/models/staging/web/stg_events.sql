select * from {{ ref('raw_events') }}
