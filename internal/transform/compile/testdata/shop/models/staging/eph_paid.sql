{{ config(materialized='ephemeral') }}
-- only what was paid
select * from {{ ref('stg_orders') }} where status in ({% for s in var('statuses') %}'{{ s }}'{{ ", " if not loop.last }}{% endfor %})
