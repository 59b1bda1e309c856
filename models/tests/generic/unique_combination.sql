{#- The columns together name one row: the grain of the model. Hashes are counted first, in
    half the memory and time of the columns themselves; rows are compared where one comes
    twice. The hash of a null is null: such rows are always compared. -#}
{% test unique_combination(model, columns) %}
{%- set names = columns | join(', ') %}
{%- set hash = 'ifNull(cityHash64(' ~ names ~ '), 0)' %}
select {{ names }}, count() as copies
from {{ model }}
where {{ hash }} in (select {{ hash }} from {{ model }} group by 1 having count() > 1)
group by {{ names }}
having copies > 1
{% endtest %}
