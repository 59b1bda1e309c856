package report

import (
	"cmp"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// Language is what a report is written in.
type Language string

// The languages.
const (
	English Language = "en"
	Spanish Language = "es"
)

// ParseLanguage reads a language's code, also with a region: es-PE is es. What
// is not known is fallback.
func ParseLanguage(text string, fallback Language) Language {
	code, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(text, "_", "-")), "-")
	if l := Language(code); l == English || l == Spanish {
		return l
	}
	return fallback
}

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
		"sent by":           {"Sent by tiendi because you run this store.", "Enviado por tiendi porque llevas esta tienda."},
		"sent to admin":     {"Sent by tiendi because you look after this platform.", "Enviado por tiendi porque administras esta plataforma."},
		"pp":                {"pp", "pp"},

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

// say gives a text by its key, with its figures put in.
func (l Language) say(key string, args ...any) string {
	pair, ok := translations()[key]
	if !ok {
		return key
	}
	text := pair[0]
	if l == Spanish {
		text = pair[1]
	}
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

// metric names a metric.
func (l Language) metric(f *Figure) string {
	if text := spanishMetrics()[f.Name]; l == Spanish && text != "" {
		return text
	}
	return cmp.Or(f.Label, label(f.Name))
}

// step names a step of the funnel; a project's own by its event type.
func (l Language) step(name string) string {
	if _, known := translations()["step "+name]; known {
		return l.say("step " + name)
	}
	return label(name)
}

// unknown stands where a value is not known.
const unknown = "–"

// decimal writes a number with so many places, thousands apart.
func (l Language) decimal(v decimal.Decimal, places int32) string {
	text := console.Thousands(v.StringFixed(places))
	if l == Spanish {
		return strings.NewReplacer(",", ".", ".", ",").Replace(text)
	}
	return text
}

func (l Language) count(n int64) string { return l.decimal(decimal.NewFromInt(n), 0) }

// percent writes a share. Spanish keeps the sign apart, by a space that lines do not break at.
func (l Language) percent(v decimal.Decimal) string {
	text := l.decimal(v.Shift(2), 1)
	if l == Spanish {
		return text + "\u00a0%"
	}
	return text + "%"
}

// amount writes a value in its unit.
func (l Language) amount(unit Unit, v decimal.NullDecimal) string {
	if !v.Valid {
		return unknown
	}
	switch unit {
	case Money:
		return l.decimal(v.Decimal, 2)
	case Rate:
		return l.percent(v.Decimal)
	case Seconds:
		return l.decimal(v.Decimal, 1) + " s"
	case Millis:
		return l.decimal(v.Decimal, 0) + " ms"
	}
	return l.decimal(v.Decimal, 0)
}

// change writes how a value stands to an earlier one: "+12.3%", for rates
// "+1.2 pp" (percentage points).
func (l Language) change(unit Unit, now, before decimal.NullDecimal) string {
	c := Change(unit, now, before)
	if !c.Valid {
		return unknown
	}
	text := l.percent(c.Decimal)
	if unit == Rate {
		text = l.decimal(c.Decimal.Shift(2), 1) + " " + l.say("pp")
	}
	if !strings.HasPrefix(text, "-") {
		text = "+" + text
	}
	return text
}

var (
	spanishDays   = []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
	spanishMonths = []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
)

func (l Language) weekday(d time.Time) string {
	if l == Spanish {
		return spanishDays[d.Weekday()]
	}
	return d.Weekday().String()
}

// longDate is a day with its weekday.
func (l Language) longDate(d time.Time) string {
	if l == Spanish {
		return l.weekday(d) + ", " + l.date(d)
	}
	return d.Format("Monday, ") + l.date(d)
}

func (l Language) date(d time.Time) string {
	if l == Spanish {
		return fmt.Sprintf("%d de %s de %d", d.Day(), spanishMonths[d.Month()-1], d.Year())
	}
	return d.Format("January 2, 2006")
}

// shortDate is a day with its weekday, for lists of days that follow each other.
func (l Language) shortDate(d time.Time) string {
	if l == Spanish {
		return fmt.Sprintf("%s, %d %s", string([]rune(spanishDays[d.Weekday()])[:3]), d.Day(), spanishMonths[d.Month()-1][:3])
	}
	return d.Format("Mon, Jan 2")
}

func (l Language) month(d time.Time) string {
	if l == Spanish {
		return fmt.Sprintf("%s %d", spanishMonths[d.Month()-1][:3], d.Year())
	}
	return d.Format("Jan 2006")
}

// label is a metric's name as people read it, where nothing names it better:
// "API latency p95".
func label(metric string) string {
	words := strings.Split(metric, "_")
	last := len(words) - 1
	if last > 0 && (words[last] == "s" || words[last] == "ms") {
		words = words[:last]
	}
	for i, word := range words {
		switch word {
		case "gmv", "aov", "api":
			words[i] = strings.ToUpper(word)
		}
	}
	text := strings.Join(words, " ")
	if text == "" {
		return metric
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
