// Package pgtext reads values in PostgreSQL's text format into columns of ClickHouse.
//
// What a column holds is what the text says, or there is an error: decimals never go
// through a float, and what does not fit is refused. Four things are decided here:
//   - NULL is NULL where the column can hold it, else the default of its type, as in
//     files. In an array it is refused.
//   - Times are cut to the fraction of a second that the column keeps. A time without
//     an offset is UTC.
//   - infinity and -infinity are the last and the first moment of the column's type,
//     so that comparisons stay right. Other times beyond its range are refused.
//   - A number becomes the nearest float where the column is one.
//
// The formats: https://www.postgresql.org/docs/15/datatype.html
package pgtext
