{% macro twice(e) %}{{ return("(" ~ e ~ ") * 2") }}{% endmacro %}
{% macro stamp() %}{{ return(adapter.dispatch('stamp', 'toolbox')()) }}{% endmacro %}
{% macro default__stamp() %}'{{ var("prefix") }}'{% endmacro %}
{% test positive(model, column_name) %}
select {{ column_name }} from {{ model }} where {{ column_name }} <= 0
{% endtest %}
