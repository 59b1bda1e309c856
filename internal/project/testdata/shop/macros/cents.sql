{% macro cents(column) %}toInt64({{ column }} * 100){% endmacro %}
