{#- The newest value of the column is at most so many hours old. An empty table is not
    stale: there is nothing in it to be old. -#}
{% test fresh_within(model, column_name, hours) %}
select max({{ column_name }}) as newest
from {{ model }}
having count() > 0 and newest < now() - toIntervalHour({{ hours }})
{% endtest %}
