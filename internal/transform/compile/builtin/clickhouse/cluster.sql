{% macro on_cluster_clause(relation, force_sync=false) -%}
    {%- set cluster = adapter.get_clickhouse_cluster_name() -%}
    {%- if cluster is not none and relation.should_on_cluster -%}
        ON CLUSTER {{ cluster }}{{ ' SYNC' if force_sync }}
    {%- endif -%}
{%- endmacro %}

{% macro engine_clause() -%}
    ENGINE = {{ config.get('engine', 'MergeTree()') }}
{%- endmacro %}
