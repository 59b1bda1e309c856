{% test at_least(model, column, value, note='') %}
select * from {{ model }} where {{ column }} < {{ value }} -- {{ note }}
{% endtest %}
