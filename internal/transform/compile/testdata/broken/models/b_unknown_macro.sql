select {{ cents_to_mony('amount') }}, {{ dbt_utils.star(ref('customers')) }}, {{ dbt.type_strng() }}
from {{ reff('customers') }}
