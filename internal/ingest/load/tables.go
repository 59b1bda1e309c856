package load

// Names of the tables that the loader keeps for itself.
const (
	HistoryTable = "load_history" // files that were loaded
	RejectsTable = "load_rejects" // rows that did not fit
)

// Tables returns the raw tables that files can be loaded into. Their DDL are
// the models of the same names.
func Tables() []*Table {
	return []*Table{
		eventsTable(), ordersTable(), orderItemsTable(), productsTable(),
		storesTable(), usersTable(), subscriptionsTable(),
	}
}

func eventsTable() *Table {
	return &Table{
		Name: "events_raw", File: "events", events: true,
		Key: []string{"event_id"}, Expires: "timestamp",
		Columns: []Column{
			{Name: "event_id", Kind: UUID, Required: true, Path: "event_id"},
			{Name: "event_type", Kind: Category, Required: true, Path: "event_type"},
			{Name: "timestamp", Kind: Time, Required: true, Path: "timestamp"},
			{Name: "session_id", Kind: UUID, Path: "session_id"},
			{Name: "user_id", Kind: UUID, Path: "user_id"},
			{Name: "store_id", Kind: UUID, Path: "properties.store_id"},
			{Name: "ip", Kind: Text, Path: "context.ip"},
			{Name: "user_agent", Kind: Text, Path: "context.user_agent"},
			{Name: "referrer", Kind: Text, Path: "context.referrer"},
			{Name: "page_url", Kind: Text, Path: "context.page_url"},
			{Name: "page_view_id", Kind: Text, Path: "context.page_view_id"},
			{Name: "device_type", Kind: Category, Path: "context.device_type", Derived: true},
			{Name: "os", Kind: Category, Path: "context.os", Derived: true},
			{Name: "browser", Kind: Category, Path: "context.browser", Derived: true},
			{Name: "country", Kind: Category, Derived: true},
			{Name: "traffic_source", Kind: Category, Derived: true},
			{Name: "is_bot", Kind: Flag, Derived: true},
			{Name: "properties", Kind: Object, Path: "properties"},
		},
	}
}

func ordersTable() *Table {
	return &Table{
		Name: "orders_raw", File: "orders", Key: []string{"id"}, State: true,
		Columns: []Column{
			id("id"), id("store_id"), id("user_id"),
			{Name: "status", Kind: Category, Required: true, Path: "status"},
			money("subtotal"), money("delivery_fee"), money("total"),
			{Name: "payment_method", Kind: Category, Path: "payment_method"},
			createdAt(), updatedAt(),
		},
	}
}

func orderItemsTable() *Table {
	return &Table{
		Name: "order_items_raw", File: "order_items", Key: []string{"id"}, State: true,
		Columns: []Column{
			id("id"), id("order_id"), id("product_id"),
			{Name: "quantity", Kind: Int, Required: true, Path: "quantity"},
			money("price"), money("subtotal"), updatedAt(),
		},
	}
}

func productsTable() *Table {
	return &Table{
		Name: "products_raw", File: "products", Key: []string{"id"}, State: true,
		Columns: []Column{
			id("id"), id("store_id"),
			{Name: "name", Kind: Text, Path: "name"},
			{Name: "category", Kind: Category, Path: "category"},
			money("price"),
			{Name: "stock", Kind: Int, Path: "stock"},
			createdAt(), updatedAt(),
		},
	}
}

func storesTable() *Table {
	return &Table{
		Name: "stores_raw", File: "stores", Key: []string{"id"}, State: true,
		Columns: []Column{
			id("id"),
			{Name: "name", Kind: Text, Path: "name"},
			{Name: "email", Kind: Text, Path: "email"},
			{Name: "language", Kind: Category, Path: "language"},
			{Name: "city", Kind: Category, Path: "city"},
			{Name: "state", Kind: Category, Path: "state"},
			{Name: "commission_rate", Kind: Decimal, Precision: 9, Scale: 6, Required: true, Path: "commission_rate"},
			{Name: "plan", Kind: Category, Path: "plan"},
			createdAt(), updatedAt(),
		},
	}
}

func usersTable() *Table {
	return &Table{
		Name: "users_raw", File: "users", Key: []string{"id"}, State: true,
		Columns: []Column{
			id("id"),
			{Name: "city", Kind: Category, Path: "city"},
			{Name: "state", Kind: Category, Path: "state"},
			createdAt(), updatedAt(),
		},
	}
}

func subscriptionsTable() *Table {
	return &Table{
		Name: "subscriptions_raw", File: "subscriptions", Key: []string{"store_id", "started_at"}, State: true,
		Columns: []Column{
			id("store_id"),
			{Name: "plan", Kind: Category, Required: true, Path: "plan"},
			money("monthly_fee"),
			{Name: "started_at", Kind: Time, Required: true, Path: "started_at"},
			{Name: "ended_at", Kind: Time, Nullable: true, Path: "ended_at"},
			updatedAt(),
		},
	}
}

func id(name string) Column {
	return Column{Name: name, Kind: UUID, Required: true, Path: name}
}

func money(name string) Column {
	return Column{Name: name, Kind: Decimal, Precision: 18, Scale: 2, Required: true, Path: name}
}

func createdAt() Column {
	return Column{Name: "created_at", Kind: Time, Required: true, Path: "created_at"}
}

// updatedAt stays at the epoch where a file has none: the later load wins then.
func updatedAt() Column {
	return Column{Name: "updated_at", Kind: Time, Path: "updated_at"}
}
