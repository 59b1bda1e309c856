{#- The table has at least and at most so many rows; a bound left out does not bind. -#}
{% test row_count_between(model, at_least=0, at_most=none) %}
select count() as row_count
from {{ model }}
having row_count < {{ at_least }}{% if at_most is not none %} or row_count > {{ at_most }}{% endif %}
{% endtest %}
