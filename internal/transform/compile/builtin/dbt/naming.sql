{# Where a node is built. A project overrides these by macros of the same name. #}

{% macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {%- do return(adapter.dispatch('generate_schema_name', 'dbt')(custom_schema_name, node)) -%}
{%- endmacro %}

{% macro default__generate_schema_name(custom_schema_name=none, node=none) -%}
    {%- set suffix = '' if custom_schema_name is none else '_' ~ custom_schema_name | trim -%}
    {%- do return(target.schema ~ suffix) -%}
{%- endmacro %}

{# Only prod keeps custom schemas apart; everyone else builds in one place. #}
{% macro generate_schema_name_for_env(custom_schema_name, node) -%}
    {%- set own_schema = target.name == 'prod' and custom_schema_name is not none -%}
    {%- do return(custom_schema_name | trim if own_schema else target.schema) -%}
{%- endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- do return(adapter.dispatch('generate_alias_name', 'dbt')(custom_alias_name, node)) -%}
{%- endmacro %}

{% macro default__generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%}
        {%- do return(custom_alias_name | trim) -%}
    {%- elif node.version -%}
        {%- do return(node.name ~ '_v' ~ (node.version | string).replace('.', '_')) -%}
    {%- endif -%}
    {%- do return(node.name) -%}
{%- endmacro %}

{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {%- do return(adapter.dispatch('generate_database_name', 'dbt')(custom_database_name, node)) -%}
{%- endmacro %}

{% macro default__generate_database_name(custom_database_name=none, node=none) -%}
    {%- do return('' if custom_database_name is none else custom_database_name) -%}
{%- endmacro %}
