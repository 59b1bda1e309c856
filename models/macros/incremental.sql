{#- The rows that arrived since this model was last built: all of them on a first or full
    build. The newest arrival that the table holds, less an overlap, is the mark; rows in
    the overlap are worked on again, which every model here can bear. -#}
{% macro arrived_since_last_run() -%}
    {%- if is_incremental() -%}
    ingested_at >= (
        select max(ingested_at) - toIntervalMinute({{ var('ingest_overlap_minutes') | int }})
        from {{ this }}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
