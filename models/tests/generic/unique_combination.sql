{#- The columns together name one row: the grain of the model. -#}
{% test unique_combination(model, columns) %}
select {{ columns | join(', ') }}, count() as copies
from {{ model }}
group by {{ columns | join(', ') }}
having copies > 1
{% endtest %}
