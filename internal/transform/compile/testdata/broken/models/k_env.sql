select '{{ env_var('SHOP_UNSET') }}', '{{ env_var('DBT_ENV_SECRET_KEY') }}'
