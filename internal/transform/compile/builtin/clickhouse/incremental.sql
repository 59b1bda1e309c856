{# True when rows are to be added to a table that stands already. #}
{% macro is_incremental() %}
    {%- if not execute or model.config.materialized not in ('incremental', 'distributed_incremental') or should_full_refresh() -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set existing = load_relation(this) -%}
    {%- do return(existing is not none and existing.type == 'table') -%}
{% endmacro %}
