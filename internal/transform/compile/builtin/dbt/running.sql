{# Queries from within templates. #}

{%- macro statement(name=none, fetch_result=false, auto_begin=true, language='sql') -%}
    {%- if execute -%}
        {%- if language != 'sql' -%}
            {%- do exceptions.raise_compiler_error("a statement runs SQL only, not " ~ language) -%}
        {%- endif -%}
        {%- set answer = adapter.execute(caller(), auto_begin=auto_begin, fetch=fetch_result) -%}
        {%- if name is not none -%}
            {%- do store_result(name, response=answer[0], agate_table=answer[1]) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) -%}
    {%- set ignored = caller() -%}
    {%- if name is not none -%}
        {%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
    {%- endif -%}
{%- endmacro %}

{% macro run_query(sql) %}
    {%- call statement('run_query_statement', fetch_result=true, auto_begin=false) -%}
        {{ sql }}
    {%- endcall -%}
    {%- do return(load_result('run_query_statement').table) -%}
{% endmacro %}

{% macro should_full_refresh() %}
    {%- set own = config.get('full_refresh') -%}
    {%- do return(flags.FULL_REFRESH if own is none else own) -%}
{% endmacro %}

{% macro should_store_failures() %}
    {%- set own = config.get('store_failures') -%}
    {%- do return(flags.STORE_FAILURES if own is none else own) -%}
{% endmacro %}

{% macro get_where_subquery(relation) -%}
    {%- do return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) -%}
{%- endmacro %}

{% macro default__get_where_subquery(relation) -%}
    {%- set where = config.get('where', '') -%}
    {%- if not where -%}
        {%- do return(relation) -%}
    {%- endif -%}
    {%- do return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') dbt_subquery') -%}
{%- endmacro %}

{% macro set_sql_header(config) -%}
    {%- do config.set('sql_header', caller()) -%}
{%- endmacro %}

{% macro convert_datetime(date_str, date_fmt) %}
    {%- set problem = "the date '" ~ date_str ~ "' is not written as " ~ date_fmt -%}
    {%- do return(try_or_compiler_error(problem, modules.datetime.datetime.strptime, date_str.strip(), date_fmt)) -%}
{% endmacro %}

{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt='%Y%m%d', out_fmt='%Y%m%d') %}
    {%- set first = convert_datetime(start_date_str, in_fmt) -%}
    {%- set last = first if end_date_str is none else convert_datetime(end_date_str, in_fmt) -%}
    {%- if last < first -%}
        {%- do exceptions.raise_compiler_error("the range ends (" ~ last ~ ") before it starts (" ~ first ~ ")") -%}
    {%- endif -%}
    {%- set days = [] -%}
    {%- for offset in range((last - first).days + 1) -%}
        {%- set day = first + modules.datetime.timedelta(days=offset) -%}
        {%- do days.append(day.strftime(out_fmt) if out_fmt else day) -%}
    {%- endfor -%}
    {%- do return(days) -%}
{% endmacro %}

{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') %}
    {%- set ends = (raw_partition_date | string).split(',') -%}
    {%- if ends | length > 2 -%}
        {%- do exceptions.raise_compiler_error("a partition range is one date or two with a comma, not " ~ raw_partition_date) -%}
    {%- endif -%}
    {%- do return(dates_in_range(ends[0], ends[1] if ends | length == 2 else none, in_fmt=date_fmt)) -%}
{% endmacro %}

{% macro py_current_timestring() %}
    {%- do return(modules.datetime.datetime.now().strftime('%Y%m%d%H%M%S%f')) -%}
{% endmacro %}
