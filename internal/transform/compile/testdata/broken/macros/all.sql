{% macro cents_to_money(c) %}{{ c }} / 100{% endmacro %}
{% macro outer(x) %}{{ inner(x) }}{% endmacro %}
{% macro inner(x) %}
  {{ exceptions.raise_compiler_error("no rate for " ~ x) }}
{% endmacro %}
{% macro outer(x) %}again{% endmacro %}
{% materialization insert_by_period, default %}{% endmaterialization %}
