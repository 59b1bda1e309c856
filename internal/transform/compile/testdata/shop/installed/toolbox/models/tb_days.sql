select toDate('{{ var("start_date", "2000-01-01") }}') + number as day, '{{ var("prefix") }}' as prefix, {{ var('width') }} as width, {{ twice('number') }} as n
from numbers(10)
