// What the page says, by language. Metrics are named here by their names in metrics/*.yml.
const words = {
  es: {
    signIn: "Entrar", tokenIs: "Pega el token que te dio tu tienda. Se guarda solo en esta pestaña.", refused: "El token no vale", out: "Salir",
    skip: "Ir al contenido", range: "Periodo", store: "Tienda", platform: "Toda la plataforma", compare: "Comparar con", previous_period: "periodo anterior", previous_year: "año anterior", none: "nada",
    d7: "7 días", d30: "30 días", d90: "90 días", d365: "12 meses", own: "Fechas…", from: "Desde", to: "Hasta", theme: "Claro u oscuro", language: "English", print: "Imprimir",
    series: "Evolución", funnel: "Embudo", cohorts: "Retención por cohorte", products: "Productos más vendidos", categories: "Ventas por categoría", sources: "Sesiones por origen", stores: "Tiendas con más ventas", live: "Ahora",
    nothing: "No hay datos en este periodo.", failed: "No se pudo cargar", again: "Reintentar", table: "Ver los datos", loaded: "Datos actualizados", noPrevious: "sin dato anterior",
    month: "Cohorte", name: "Nombre", date: "Fecha", before: "antes", today: "hoy", sessionsNow: "sesiones abiertas", visitorsToday: "visitantes hoy", away: "Las cifras en vivo no están disponibles ahora.", minutes: "vistas por minuto, última hora",
    gmv: "Ventas (GMV)", orders: "Pedidos", aov: "Ticket medio", units_sold: "Unidades", sessions: "Sesiones", conversion_rate: "Conversión", new_customers: "Clientes nuevos", returning_customers: "Clientes que vuelven",
    bounce_rate: "Rebote", cart_abandonment_rate: "Carritos abandonados", delivered_gmv: "Ventas entregadas", active_stores: "Tiendas activas", commissions: "Comisiones", take_rate: "Comisión media", active_users: "Usuarios activos", new_stores: "Tiendas nuevas", new_users: "Usuarios nuevos", payment_success_rate: "Pagos con éxito", uptime: "Disponibilidad", api_latency_p95_ms: "Latencia p95", mrr: "MRR", views: "vistas", purchases: "compras", live_revenue: "ingresos en vivo", carts: "carritos", retention_rate: "Retención",
    benchmark: "Frente a otras tiendas", peers: "Comparar con", peers_all: "todas las tiendas", peers_category: "las de mi categoría", peers_size: "las de mi tamaño", own_store: "La tuya", median: "Mediana", middle_half: "La mitad central", above: "Por encima del", fewPeers: "Hay muy pocas tiendas para comparar sin revelar a ninguna.", benchmarkNote: "Cifras redondeadas, de varias tiendas cada una. Tiendas comparadas:", add_to_cart_rate: "Añaden al carrito",
    sections: "Secciones", figures: "Cifras", reports: "Informes", report_daily: "Diarios", report_weekly: "Semanales", report_funnel: "Embudo", report_cohorts: "Cohortes", noReports: "Todavía no hay días completos de los que informar.", noDashboard: "Ese tablero ya no está.",
    visit: "Visita", product_viewed: "Ve un producto", add_to_cart: "Añade al carrito", checkout_started: "Empieza a pagar", purchase_completed: "Compra",
  },
  en: {
    signIn: "Sign in", tokenIs: "Paste the token that your shop gave you. It is kept in this tab only.", refused: "The token is refused", out: "Sign out",
    skip: "Skip to content", range: "Period", store: "Store", platform: "Whole platform", compare: "Compare with", previous_period: "previous period", previous_year: "previous year", none: "nothing",
    d7: "7 days", d30: "30 days", d90: "90 days", d365: "12 months", own: "Dates…", from: "From", to: "To", theme: "Light or dark", language: "Español", print: "Print",
    series: "Over time", funnel: "Funnel", cohorts: "Retention by cohort", products: "Top products", categories: "Sales by category", sources: "Sessions by source", stores: "Top stores", live: "Now",
    nothing: "Nothing happened in this period.", failed: "This could not be loaded", again: "Try again", table: "Show the data", loaded: "Figures are up to date", noPrevious: "nothing to compare with",
    month: "Cohort", name: "Name", date: "Date", before: "before", today: "today", sessionsNow: "open sessions", visitorsToday: "visitors today", away: "Live figures are away now.", minutes: "views a minute, last hour",
    gmv: "Sales (GMV)", orders: "Orders", aov: "Average order", units_sold: "Units", sessions: "Sessions", conversion_rate: "Conversion", new_customers: "New customers", returning_customers: "Returning customers",
    bounce_rate: "Bounce rate", cart_abandonment_rate: "Abandoned carts", delivered_gmv: "Delivered sales", active_stores: "Active stores", commissions: "Commissions", take_rate: "Take rate", active_users: "Active users", new_stores: "New stores", new_users: "New users", payment_success_rate: "Successful payments", uptime: "Uptime", api_latency_p95_ms: "Latency p95", mrr: "MRR", views: "views", purchases: "purchases", live_revenue: "live revenue", carts: "carts", retention_rate: "Retention",
    benchmark: "Among other stores", peers: "Compare with", peers_all: "all stores", peers_category: "those of my category", peers_size: "those of my size", own_store: "Yours", median: "Median", middle_half: "Middle half", above: "Above", fewPeers: "There are too few stores to compare with without telling of one.", benchmarkNote: "Figures are rounded, and each is of several stores. Stores compared:", add_to_cart_rate: "Add to cart",
    sections: "Sections", figures: "Figures", reports: "Reports", report_daily: "Daily", report_weekly: "Weekly", report_funnel: "Funnel", report_cohorts: "Cohorts", noReports: "There are no complete days to report on yet.", noDashboard: "That dashboard is not there any more.",
    visit: "Visit", product_viewed: "Views a product", add_to_cart: "Adds to cart", checkout_started: "Starts to pay", purchase_completed: "Buys",
  },
};

export const say = (language, key) => words[language][key] ?? key;
