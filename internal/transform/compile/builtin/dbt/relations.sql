{# What a template may ask or change about tables. #}

{% macro load_cached_relation(relation) -%}
    {%- do return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) -%}
{%- endmacro %}

{% macro load_relation(relation) -%}
    {%- do return(load_cached_relation(relation)) -%}
{%- endmacro %}

{% macro get_columns_in_relation(relation) -%}
    {%- do return(adapter.get_columns_in_relation(relation)) -%}
{%- endmacro %}

{% macro get_columns_in_query(select_sql) -%}
    {%- do return(adapter.get_column_schema_from_query(select_sql) | map(attribute='name') | list) -%}
{%- endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}
    {%- do return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) -%}
{%- endmacro %}

{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
    {%- do return((select_sql_header or '') ~ '\nselect * from (\n' ~ select_sql ~ '\n) as __dbt_sbq\nwhere false\nlimit 0\n') -%}
{%- endmacro %}

{% macro sql_convert_columns_in_relation(table) -%}
    {%- set columns = [] -%}
    {%- for row in table -%}
        {%- do columns.append(api.Column(row[0], row[1])) -%}
    {%- endfor -%}
    {%- do return(columns) -%}
{%- endmacro %}

{% macro get_list_of_column_names(columns) -%}
    {%- do return(columns | map(attribute='name') | list) -%}
{%- endmacro %}

{% macro get_quoted_csv(column_names) -%}
    {%- set quoted = [] -%}
    {%- for name in column_names -%}
        {%- do quoted.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {%- do return(quoted | join(', ')) -%}
{%- endmacro %}

{% macro diff_columns(source_columns, target_columns) -%}
    {%- do return(source_columns | rejectattr('name', 'in', target_columns | map(attribute='column') | list) | list) -%}
{%- endmacro %}

{% macro get_or_create_relation(database, schema, identifier, type) -%}
    {%- set found = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
    {%- if found -%}
        {%- do return([true, found]) -%}
    {%- endif -%}
    {%- do return([false, api.Relation.create(database=none, schema=schema, identifier=identifier, type=type)]) -%}
{%- endmacro %}

{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') -%}
    {%- do return(base_relation.incorporate(path={'schema': base_relation.schema, 'identifier': base_relation.identifier ~ suffix})) -%}
{%- endmacro %}

{% macro create_schema(relation) -%}{%- do adapter.create_schema(relation) -%}{%- endmacro %}

{% macro drop_schema(relation) -%}{%- do adapter.drop_schema(relation) -%}{%- endmacro %}

{% macro drop_relation(relation) -%}{%- do adapter.drop_relation(relation) -%}{%- endmacro %}

{% macro drop_relation_if_exists(relation) -%}
    {%- if relation is not none -%}{%- do adapter.drop_relation(relation) -%}{%- endif -%}
{%- endmacro %}

{% macro rename_relation(from_relation, to_relation) -%}{%- do adapter.rename_relation(from_relation, to_relation) -%}{%- endmacro %}

{% macro truncate_relation(relation) -%}{%- do adapter.truncate_relation(relation) -%}{%- endmacro %}

{% macro list_relations_without_caching(schema_relation) -%}
    {%- do return(adapter.list_relations_without_caching(schema_relation)) -%}
{%- endmacro %}

{% macro check_schema_exists(information_schema, schema) -%}
    {%- do return(adapter.check_schema_exists(database='', schema=schema)) -%}
{%- endmacro %}

{% macro list_schemas(database) -%}
    {%- do return(run_query('select name from system.databases')) -%}
{%- endmacro %}
