select id, name, country from {{ source('erp', 'people') }}
