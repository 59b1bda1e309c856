package report

import "sync"

// translations are all that a report says, by key: English, Spanish.
var translations = sync.OnceValue(func() map[string][2]string {
	return map[string][2]string{
		"daily":     {"Day", "Día"},
		"weekly":    {"Week", "Semana"},
		"cohorts":   {"Cohorts", "Cohortes"},
		"funnel":    {"Funnel", "Embudo"},
		"platform":  {"whole platform", "toda la plataforma"},
		"amounts":   {"amounts in %s", "importes en %s"},
		"week of":   {"Week from %s to %s", "Semana del %s al %s"},
		"days of":   {"%s to %s", "%s a %s"},
		"months of": {"Cohorts of %s to %s", "Cohortes de %s a %s"},

		"alerts of": {"Alerts of %s", "Avisos del %s"},

		"day_before":  {"vs day before", "vs día anterior"},
		"week_ago":    {"vs %s before", "vs %s anterior"},
		"week_before": {"vs week before", "vs semana anterior"},
		"year_ago":    {"vs year before", "vs año anterior"},
		"last days":   {"Last %d days", "Últimos %d días"},

		"figures":           {"Figures", "Cifras"},
		"best sellers":      {"Best sellers", "Más vendidos"},
		"product":           {"Product", "Producto"},
		"store":             {"Store", "Tienda"},
		"units":             {"Units", "Unidades"},
		"gmv":               {"GMV", "Ventas"},
		"views":             {"Views", "Vistas"},
		"conversion":        {"Conversion", "Conversión"},
		"movers":            {"What changed most", "Lo que más cambió"},
		"before":            {"Before", "Antes"},
		"change":            {"Change", "Cambio"},
		"conversion funnel": {"Conversion funnel", "Embudo de conversión"},
		"by source":         {"By traffic source", "Por origen"},
		"by device":         {"By device", "Por dispositivo"},
		"source":            {"Source", "Origen"},
		"device":            {"Device", "Dispositivo"},
		"step":              {"Step", "Paso"},
		"sessions":          {"Sessions", "Sesiones"},
		"of visits":         {"of visits", "de las visitas"},
		"of step before":    {"of step before", "del paso anterior"},
		"lost":              {"lost", "se van"},
		"cohort":            {"Cohort", "Cohorte"},
		"customers":         {"Customers", "Clientes"},
		"retention":         {"Share of customers who ordered again, by months since their first delivered order", "Parte de los clientes que volvió a comprar, por meses desde su primer pedido entregado"},
		"nothing":           {"Nothing happened in this period.", "No hubo nada en este periodo."},
		"unknown value":     {"unknown", "desconocido"},
		"chart of":          {"%s by day", "%s por día"},
		"day":               {"Day", "Día"},
		"made by":           {"Made by tiendi for whoever runs this store.", "Hecho por tiendi para quien lleva esta tienda."},
		"made for admin":    {"Made by tiendi for whoever looks after this platform.", "Hecho por tiendi para quien administra esta plataforma."},
		"pp":                {"pp", "pp"},

		"platform and stores": {"platform and stores", "plataforma y tiendas"},
		"the platform":        {"Platform", "Plataforma"},
		"figure":              {"Figure", "Cifra"},
		"expected":            {"Expected", "Esperado"},
		"usual range":         {"Usual range", "Lo habitual"},
		"range":               {"%s to %s", "%s a %s"},
		"since":               {"Since", "Desde"},
		"going on":            {"Reported before, and going on", "Ya avisado, y sigue"},
		"holiday":             {"The day is one of the holidays that the project lists: it is left out.", "El día es uno de los festivos del proyecto: no se mira."},
		"untested":            {"Nothing could be looked at: it takes 7 to 12 weeks of days before, and 10 orders or visits on each.", "No se pudo mirar nada: hacen falta de 7 a 12 semanas de días anteriores, y 10 pedidos o visitas en cada uno."},
		"as expected":         {"All of the %s figures that were looked at are as expected.", "Las %s cifras que se miraron son las esperadas."},
		"not as expected":     {"%s of the %s figures that were looked at are not as expected.", "%s de las %s cifras que se miraron no son las esperadas."},
		"more alerts":         {"%s of them, of stores, are not listed here: the dashboard and `tiendi report anomalies` have all.", "%s de ellas, de tiendas, no están en esta lista: el panel y `tiendi report anomalies` las tienen todas."},
		"expected to be":      {"%s, expected %s", "%s, se esperaba %s"},

		"step visit":              {"Visit", "Visita"},
		"step product_viewed":     {"Product viewed", "Ve un producto"},
		"step add_to_cart":        {"Add to cart", "Añade al carrito"},
		"step checkout_started":   {"Checkout started", "Empieza a pagar"},
		"step purchase_completed": {"Purchase completed", "Compra"},
	}
})

// spanishMetrics are the metrics' Spanish names; the English ones are their labels.
var spanishMetrics = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"gmv": "Ventas (GMV)", "orders": "Pedidos", "units_sold": "Unidades", "aov": "Ticket medio",
		"store_new_customers": "Clientes nuevos", "new_customers": "Clientes nuevos", "returning_customers": "Clientes que vuelven",
		"store_visits": "Visitas", "sessions": "Sesiones", "page_views": "Páginas vistas", "bounce_rate": "Rebote",
		"avg_time_on_site_s": "Tiempo medio", "conversion_rate": "Conversión", "add_to_cart_rate": "Añaden al carrito",
		"cart_abandonment_rate": "Carritos abandonados", "checkout_completion_rate": "Pagos completados", "active_stores": "Tiendas activas",
		"active_users": "Usuarios activos", "new_users": "Usuarios nuevos", "new_stores": "Tiendas nuevas",
		"payment_success_rate": "Pagos con éxito", "api_latency_p95_ms": "Latencia p95 de la API", "api_error_rate": "Errores de la API", "uptime": "Disponibilidad",
	}
})
