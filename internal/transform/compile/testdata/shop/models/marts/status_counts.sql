{{
  config(
    materialized = 'table',
    alias = 'counts_by_status',
    schema = 'reporting',
    meta = {'reviewed': true},
    post_hook = ["optimize table {{ this }} final", {"sql": "select 1", "transaction": false}]
  )
}}
{%- set measures = ['amount', 'id'] -%}
select
    status,
    {%- for m in measures %}
    count({{ m }}) as n_{{ m }}{{ "," if not loop.last }}
    {%- endfor %},
    {{ toolbox.twice('count(*)') }} as doubled,
    {{ toolbox.stamp() }} as stamp,
    '{{ target.name }}/{{ target.schema }}/{{ this.schema }}.{{ this.identifier }}' as place,
    {{ dbt.type_string() }} as t,
    {{ dbt.date_trunc('month', 'updated_at') }} as month
from {{ ref('eph_paid') }}
group by status
