{# ClickHouse has no level above its databases, which dbt calls schemas. #}
{% macro clickhouse__generate_database_name(custom_database_name=none, node=none) -%}
    {%- do return('') -%}
{%- endmacro %}
