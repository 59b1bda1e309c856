select *
from {{ ref('custmers') }}
join {{ source('raw', 'order') }} using (id)
