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

{#- Whether the source has rows that this table does not account for: what an aggregate of
    the source counts is not what another of this table says that it holds. Sources only
    ever gain rows, so equal counts mean that a run has nothing to do, and the overlap is
    not worked on for nothing. -#}
{% macro is_behind(source, counted, held) -%}
    {%- if is_incremental() -%}
    (select {{ counted }} from {{ source }}) != (select {{ held }} from {{ this }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
