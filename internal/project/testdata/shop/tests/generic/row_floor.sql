{% test row_floor(model, floor) %}
select count(*) as n from {{ model }} having n < {{ floor }}
{% endtest %}
