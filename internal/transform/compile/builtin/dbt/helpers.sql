{# Helpers that packages call so as to run on any database. Each asks
   adapter.dispatch for its text: a project or a package of its dispatch order
   may answer first. #}

{% macro any_value(expression) -%}{%- do return(adapter.dispatch('any_value', 'dbt')(expression)) -%}{%- endmacro %}

{% macro array_append(array, new_element) -%}{%- do return(adapter.dispatch('array_append', 'dbt')(array, new_element)) -%}{%- endmacro %}

{% macro array_concat(array_1, array_2) -%}{%- do return(adapter.dispatch('array_concat', 'dbt')(array_1, array_2)) -%}{%- endmacro %}

{% macro bool_or(expression) -%}{%- do return(adapter.dispatch('bool_or', 'dbt')(expression)) -%}{%- endmacro %}

{% macro cast(field, type) -%}{%- do return(adapter.dispatch('cast', 'dbt')(field, type)) -%}{%- endmacro %}

{% macro concat(fields) -%}{%- do return(adapter.dispatch('concat', 'dbt')(fields)) -%}{%- endmacro %}

{% macro date(year, month, day) -%}{%- do return(adapter.dispatch('date', 'dbt')(year, month, day)) -%}{%- endmacro %}

{% macro date_trunc(datepart, date) -%}{%- do return(adapter.dispatch('date_trunc', 'dbt')(datepart, date)) -%}{%- endmacro %}

{% macro dateadd(datepart, interval, from_date_or_timestamp) -%}{%- do return(adapter.dispatch('dateadd', 'dbt')(datepart, interval, from_date_or_timestamp)) -%}{%- endmacro %}

{% macro datediff(first_date, second_date, datepart) -%}{%- do return(adapter.dispatch('datediff', 'dbt')(first_date, second_date, datepart)) -%}{%- endmacro %}

{% macro equals(expr1, expr2) -%}{%- do return(adapter.dispatch('equals', 'dbt')(expr1, expr2)) -%}{%- endmacro %}

{% macro escape_single_quotes(expression) -%}{%- do return(adapter.dispatch('escape_single_quotes', 'dbt')(expression)) -%}{%- endmacro %}

{% macro except() -%}{%- do return(adapter.dispatch('except', 'dbt')()) -%}{%- endmacro %}

{% macro hash(field) -%}{%- do return(adapter.dispatch('hash', 'dbt')(field)) -%}{%- endmacro %}

{% macro intersect() -%}{%- do return(adapter.dispatch('intersect', 'dbt')()) -%}{%- endmacro %}

{% macro last_day(date, datepart) -%}{%- do return(adapter.dispatch('last_day', 'dbt')(date, datepart)) -%}{%- endmacro %}

{% macro length(expression) -%}{%- do return(adapter.dispatch('length', 'dbt')(expression)) -%}{%- endmacro %}

{% macro position(substring_text, string_text) -%}{%- do return(adapter.dispatch('position', 'dbt')(substring_text, string_text)) -%}{%- endmacro %}

{% macro replace(field, old_chars, new_chars) -%}{%- do return(adapter.dispatch('replace', 'dbt')(field, old_chars, new_chars)) -%}{%- endmacro %}

{% macro right(string_text, length_expression) -%}{%- do return(adapter.dispatch('right', 'dbt')(string_text, length_expression)) -%}{%- endmacro %}

{% macro safe_cast(field, type) -%}{%- do return(adapter.dispatch('safe_cast', 'dbt')(field, type)) -%}{%- endmacro %}

{% macro split_part(string_text, delimiter_text, part_number) -%}{%- do return(adapter.dispatch('split_part', 'dbt')(string_text, delimiter_text, part_number)) -%}{%- endmacro %}

{% macro string_literal(value) -%}{%- do return(adapter.dispatch('string_literal', 'dbt')(value)) -%}{%- endmacro %}

{% macro type_string() -%}{%- do return(adapter.dispatch('type_string', 'dbt')()) -%}{%- endmacro %}

{% macro type_timestamp() -%}{%- do return(adapter.dispatch('type_timestamp', 'dbt')()) -%}{%- endmacro %}

{% macro type_float() -%}{%- do return(adapter.dispatch('type_float', 'dbt')()) -%}{%- endmacro %}

{% macro type_numeric() -%}{%- do return(adapter.dispatch('type_numeric', 'dbt')()) -%}{%- endmacro %}

{% macro type_bigint() -%}{%- do return(adapter.dispatch('type_bigint', 'dbt')()) -%}{%- endmacro %}

{% macro type_int() -%}{%- do return(adapter.dispatch('type_int', 'dbt')()) -%}{%- endmacro %}

{% macro type_boolean() -%}{%- do return(adapter.dispatch('type_boolean', 'dbt')()) -%}{%- endmacro %}

{% macro current_timestamp() -%}{%- do return(adapter.dispatch('current_timestamp', 'dbt')()) -%}{%- endmacro %}

{% macro cast_bool_to_text(field) -%}{%- do return(adapter.dispatch('cast_bool_to_text', 'dbt')(field)) -%}{%- endmacro %}

{% macro date_spine(datepart, start_date, end_date) -%}{%- do return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) -%}{%- endmacro %}

{% macro generate_series(upper_bound) -%}{%- do return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) -%}{%- endmacro %}

{% macro get_powers_of_two(upper_bound) -%}{%- do return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) -%}{%- endmacro %}

{% macro get_intervals_between(start_date, end_date, datepart) -%}{%- do return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) -%}{%- endmacro %}

{% macro array_construct(inputs=[], data_type='Int32') -%}{%- do return(adapter.dispatch('array_construct', 'dbt')(inputs, data_type)) -%}{%- endmacro %}

{% macro listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}{%- do return(adapter.dispatch('listagg', 'dbt')(measure, delimiter_text, order_by_clause, limit_num)) -%}{%- endmacro %}
