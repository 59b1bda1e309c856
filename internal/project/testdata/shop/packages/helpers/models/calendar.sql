select number as day from numbers({{ var('depth') }})
