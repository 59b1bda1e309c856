select * from {{ ref('f_off') }}
