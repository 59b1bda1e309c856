select 1
{% if target.name == 'dev' %}
from {{ ref('customers') }
