{# ClickHouse fills the missing side of a join with defaults, so without
   join_use_nulls no orphan would ever be null. The marker line tells where
   the query ends and its settings begin. #}
{% macro clickhouse__test_relationships(model, column_name, to, field) -%}
{{ default__test_relationships(model, column_name, to, field).rstrip('\n') }}
-- end_of_sql
settings join_use_nulls = 1

{% endmacro %}
