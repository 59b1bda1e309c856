package generate

// category is one shelf of the shop, with what its products are called and cost.
type category struct {
	slug   string
	median int64   // of the price, in cents
	sigma  float64 // of the price's logarithm
	shops  []string
	things []string
	kinds  []string // words that fit a thing of either gender
}

var categories = []category{
	{"moda", 2490, 0.55, []string{"Boutique", "Ropa", "Modas"},
		[]string{"Camiseta", "Camisa", "Blusa", "Pantalón", "Falda", "Vestido", "Chaqueta", "Suéter", "Pijama", "Bufanda", "Cinturón"},
		[]string{"de algodón", "de lino", "oversize", "slim fit", "de mezclilla", "con estampado floral", "para dama", "para caballero"}},
	{"calzado", 4490, 0.45, []string{"Calzado", "Zapatería"},
		[]string{"Zapatillas", "Botas", "Sandalias", "Mocasines", "Zapatos de vestir", "Pantuflas", "Alpargatas"},
		[]string{"de cuero", "para correr", "impermeables", "de gamuza", "urbanas", "con plataforma"}},
	{"hogar", 3290, 0.75, []string{"Casa", "Hogar", "Rincón"},
		[]string{"Lámpara de mesa", "Cojín", "Manta", "Espejo", "Repisa", "Juego de sábanas", "Cortina", "Alfombra", "Florero", "Silla plegable"},
		[]string{"estilo nórdico", "de bambú", "minimalista", "de ratán", "con luz LED", "tejido a mano"}},
	{"cocina", 2190, 0.70, []string{"Cocina", "La Sazón de"},
		[]string{"Sartén", "Olla a presión", "Juego de cuchillos", "Cafetera", "Licuadora", "Tabla de picar", "Vajilla", "Freidora de aire", "Molinillo"},
		[]string{"antiadherente", "de acero inoxidable", "de hierro fundido", "de 6 piezas", "de cerámica", "compacta"}},
	{"electronica", 5990, 0.90, []string{"Tecno", "Electro", "Digital"},
		[]string{"Audífonos inalámbricos", "Parlante Bluetooth", "Teclado mecánico", "Monitor", "Cámara web", "Cargador solar", "Reloj inteligente", "Disco SSD"},
		[]string{"Pro", "Lite", "con cancelación de ruido", "de 1 TB", "USB-C", "RGB", "de segunda generación"}},
	{"celulares", 16900, 0.65, []string{"Móvil", "Celulares"},
		[]string{"Celular 5G", "Smartphone", "Celular reacondicionado", "Tableta"},
		[]string{"64 GB", "128 GB", "256 GB", "con doble SIM", "con batería de larga duración"}},
	{"belleza", 1490, 0.60, []string{"Belleza", "Aromas de"},
		[]string{"Crema hidratante", "Sérum facial", "Labial", "Champú", "Perfume", "Mascarilla", "Protector solar", "Esmalte", "Jabón artesanal"},
		[]string{"con vitamina C", "de coco", "con ácido hialurónico", "vegano", "de larga duración", "para piel sensible"}},
	{"deportes", 3190, 0.75, []string{"Deportes", "Club"},
		[]string{"Balón", "Mancuernas", "Colchoneta de yoga", "Bicicleta estática", "Mochila de senderismo", "Raqueta", "Guantes", "Botella térmica"},
		[]string{"profesional", "de entrenamiento", "ultraliviano", "de 10 kg", "talla M", "edición oficial"}},
	{"juguetes", 1890, 0.60, []string{"Juguetería", "Mundo"},
		[]string{"Rompecabezas", "Muñeca", "Carro a control remoto", "Bloques de construcción", "Juego de mesa", "Peluche", "Pista de carreras"},
		[]string{"de madera", "de 500 piezas", "para 3 años o más", "educativo", "edición especial"}},
	{"mascotas", 1990, 0.65, []string{"Mascotas", "Huellitas de"},
		[]string{"Alimento para perro", "Alimento para gato", "Cama", "Correa", "Arena sanitaria", "Rascador", "Juguete mordedor"},
		[]string{"de 3 kg", "de 10 kg", "sin granos", "reforzado", "talla grande", "talla pequeña"}},
	{"libros", 1590, 0.40, []string{"Librería", "Letras de"},
		[]string{"Novela", "Libro de cocina", "Cuentos infantiles", "Agenda", "Poemario", "Manual de jardinería", "Atlas ilustrado"},
		[]string{"de bolsillo", "en tapa dura", "edición aniversario", "bilingüe"}},
	{"alimentos", 890, 0.50, []string{"La Despensa de", "Mercado", "Sabores de"},
		[]string{"Café molido", "Miel de abeja", "Chocolate", "Aceite de oliva", "Mermelada", "Quinua", "Galletas", "Té de hierbas", "Salsa picante"},
		[]string{"de origen", "artesanal", "sin azúcar", "de 500 g", "pack de 3", "de cultivo familiar"}},
	{"jardin", 2390, 0.70, []string{"Vivero", "Jardín"},
		[]string{"Maceta", "Manguera", "Set de herramientas", "Semillas de huerta", "Parrilla portátil", "Regadera", "Farol solar"},
		[]string{"de barro", "de 15 m", "para balcón", "resistente a la lluvia", "de 3 piezas"}},
	{"bebes", 2290, 0.70, []string{"Bebé", "Cuna"},
		[]string{"Pañales", "Body", "Coche plegable", "Biberón", "Móvil musical", "Cambiador", "Portabebés"},
		[]string{"talla 3", "anticólicos", "ergonómico", "de algodón orgánico", "de 0 a 6 meses"}},
	{"papeleria", 690, 0.55, []string{"Papelería", "Trazos de"},
		[]string{"Cuaderno", "Set de marcadores", "Lapicero", "Acuarelas", "Organizador de escritorio", "Pegatinas"},
		[]string{"cuadriculado", "de 24 colores", "recargable", "de papel reciclado", "tamaño A5"}},
	{"joyeria", 3990, 0.80, []string{"Joyería", "Platería"},
		[]string{"Collar", "Aretes", "Pulsera", "Anillo", "Reloj de pulsera", "Broche"},
		[]string{"de plata 925", "con perla", "bañado en oro", "hecho a mano", "con circonia"}},
}

var colours = []string{"azul", "verde", "gris", "café", "beige", "naranja", "rosa", "violeta", "turquesa"}

var shopNames = []string{
	"Aurora", "Luna", "El Roble", "Lucía", "San Telmo", "La Colmena", "Los Andes", "Valentina", "Tres Marías", "El Faro",
	"Guadalupe", "La Estrella", "Nopal", "Jacaranda", "Del Sur", "Amapola", "Quetzal", "Pacífico", "La Abuela", "Sol y Sal",
	"Camila", "El Molino", "Orquídea", "Cóndor", "La Plaza", "Margarita", "Caribe", "Don Julián", "Frida", "Aguamarina",
}
