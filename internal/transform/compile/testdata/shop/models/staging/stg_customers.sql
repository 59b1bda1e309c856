select id, {{ dbt.concat(['first_name', "' '", 'last_name']) }} as name, created_at
from {{ source('raw', 'customers') }}
