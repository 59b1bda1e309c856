package jinja

import (
	"context"
	"testing"
)

// typicalModel is about 60 lines, as models mostly are.
const typicalModel = `{{ config(
    materialized='incremental',
    unique_key='order_id',
    tags=['finance', 'nightly'],
    on_schema_change='append_new_columns'
) }}

{%- set payment_methods = ['card', 'transfer', 'cash'] -%}

with orders as (

    select * from {{ ref('stg_orders') }}
    {% if is_incremental() %}
    where updated_at > (select max(updated_at) from {{ this }})
    {% endif %}

),

payments as (

    select * from {{ ref('stg_payments') }}
    where paid_at >= '{{ var("start", "2019-01-01") }}'

),

order_payments as (

    select
        order_id,

        {% for method in payment_methods -%}
        sum(case when payment_method = '{{ method }}' then amount else 0 end) as {{ method }}_amount
        {%- if not loop.last %},{% endif %}
        {% endfor %}

    from payments
    group by order_id

),

final as (

    select
        orders.order_id,
        orders.customer_id,
        orders.order_date,
        orders.status,
        {{ cents('orders.amount') }} as amount,

        {% for method in payment_methods -%}
        order_payments.{{ method }}_amount,
        {% endfor -%}

        {{ cents('orders.discount', scale=4) }} as discount
    from orders
    left join order_payments using (order_id)
    left join {{ source('crm', 'customers') }} as customers
        on customers.id = orders.customer_id

)

select * from final -- {# the end #}
`

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(typicalModel)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("models/orders.sql", typicalModel); err != nil {
			b.Fatal(err)
		}
	}
}

func benchScope(b *testing.B) Map {
	scope := dbtScope()
	for _, d := range rootMacros(b) {
		scope[d.Name] = d.Bind(scope)
	}
	return scope
}

func BenchmarkRender(b *testing.B) {
	t, err := Parse("models/orders.sql", typicalModel)
	if err != nil {
		b.Fatal(err)
	}
	scope := benchScope(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Render(context.Background(), scope, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseAndFirstRender(b *testing.B) {
	scope := benchScope(b)
	b.ReportAllocs()
	for b.Loop() {
		t, err := Parse("models/orders.sql", typicalModel)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := t.Render(context.Background(), scope, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCalls(b *testing.B) {
	t, err := Parse("models/orders.sql", typicalModel)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(t.Calls()) != 8 {
			b.Fatal(len(t.Calls()))
		}
	}
}
