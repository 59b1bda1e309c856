-- The marketplace's tables, as the warehouse's raw models read them. Ids are made by the
-- shop. updated_at is the shop's to set: history is loaded with the times it has.
CREATE TABLE public.users (
	id uuid PRIMARY KEY,
	city text NOT NULL DEFAULT '',
	state text NOT NULL DEFAULT '',
	created_at timestamptz(3) NOT NULL DEFAULT now(),
	updated_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE public.stores (
	id uuid PRIMARY KEY,
	name text NOT NULL,
	email text NOT NULL DEFAULT '',
	language text NOT NULL DEFAULT 'es',
	city text NOT NULL DEFAULT '',
	state text NOT NULL DEFAULT '',
	commission_rate numeric(9, 6) NOT NULL CHECK (commission_rate >= 0),
	plan text NOT NULL DEFAULT 'basic',
	created_at timestamptz(3) NOT NULL DEFAULT now(),
	updated_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE public.products (
	id uuid PRIMARY KEY,
	store_id uuid NOT NULL,
	name text NOT NULL,
	category text NOT NULL DEFAULT '',
	price numeric(18, 2) NOT NULL CHECK (price >= 0),
	stock integer NOT NULL DEFAULT 0,
	created_at timestamptz(3) NOT NULL DEFAULT now(),
	updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX products_store_id ON public.products (store_id);

-- No foreign keys: an order outlives its user (who may ask to be forgotten), its store
-- and its products.
CREATE TABLE public.orders (
	id uuid PRIMARY KEY,
	store_id uuid NOT NULL,
	user_id uuid NOT NULL,
	status text NOT NULL CHECK (status IN ('PENDIENTE', 'CONFIRMADO', 'PREPARANDO', 'ENVIADO', 'ENTREGADO', 'CANCELADO')),
	subtotal numeric(18, 2) NOT NULL,
	delivery_fee numeric(18, 2) NOT NULL DEFAULT 0,
	total numeric(18, 2) NOT NULL,
	payment_method text NOT NULL DEFAULT '',
	created_at timestamptz(3) NOT NULL DEFAULT now(),
	updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX orders_store_id_created_at ON public.orders (store_id, created_at);
CREATE INDEX orders_user_id ON public.orders (user_id);

CREATE TABLE public.order_items (
	id uuid PRIMARY KEY,
	order_id uuid NOT NULL,
	product_id uuid NOT NULL,
	quantity integer NOT NULL CHECK (quantity > 0),
	price numeric(18, 2) NOT NULL,
	subtotal numeric(18, 2) NOT NULL,
	updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX order_items_order_id ON public.order_items (order_id);

CREATE TABLE public.subscriptions (
	store_id uuid NOT NULL,
	plan text NOT NULL,
	monthly_fee numeric(18, 2) NOT NULL DEFAULT 0,
	started_at timestamptz(3) NOT NULL,
	ended_at timestamptz(3),
	updated_at timestamptz(3) NOT NULL DEFAULT now(),
	PRIMARY KEY (store_id, started_at)
);
