package load

import "math"

var pow10 = [19]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// parseDecimal reads [+-]digits[.digits][e[+-]digits] exactly, as an integer of
// 10^-scale. Decimals beyond scale must be zeros: money is never rounded. The
// reason is "" where the text fits.
func parseDecimal(s []byte, precision, scale int) (value int64, reason string) {
	d, ok := splitDecimal(s)
	if !ok {
		return 0, reasonNumber
	}
	return d.fixed(precision, scale)
}

// fixed is d as an integer of 10^-scale.
func (d scientific) fixed(precision, scale int) (value int64, reason string) {
	shift := d.exponent + scale
	if d.mantissa == 0 && !d.overflow {
		return 0, ""
	}
	if d.overflow || shift > 18 {
		return 0, reasonRange
	}
	m := d.mantissa
	if shift < 0 {
		if shift < -18 || m%pow10[-shift] != 0 {
			return 0, reasonDecimals
		}
		m /= pow10[-shift]
	} else {
		if m > math.MaxInt64/pow10[shift] {
			return 0, reasonRange
		}
		m *= pow10[shift]
	}
	if m >= pow10[precision] {
		return 0, reasonRange
	}
	if d.negative {
		return -int64(m), ""
	}
	return int64(m), ""
}

// scientific is mantissa × 10^exponent. Zeros at the end of the digits are in the
// exponent, so that 1.500 has as many decimals as 1.5.
type scientific struct {
	mantissa           uint64
	exponent           int
	negative, overflow bool
}

func splitDecimal(s []byte) (d scientific, ok bool) {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		d.negative = s[i] == '-'
		i++
	}
	digits, zeros, point := 0, 0, false
	for ; i < len(s); i++ {
		c := s[i]
		if c == '.' && !point {
			point = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		digits++
		if point {
			d.exponent--
		}
		if c == '0' {
			zeros++
			continue
		}
		d.push(zeros, c-'0')
		zeros = 0
	}
	d.exponent += zeros
	if digits == 0 {
		return d, false
	}
	return d, d.readExponent(s[i:])
}

// push appends held-back zeros and one digit to the mantissa.
func (d *scientific) push(zeros int, digit byte) {
	if d.mantissa == 0 {
		d.mantissa = uint64(digit)
		return
	}
	if zeros > 17 || d.mantissa > (math.MaxInt64-9)/pow10[zeros+1] {
		d.overflow = true
		return
	}
	d.mantissa = d.mantissa*pow10[zeros+1] + uint64(digit)
}

func (d *scientific) readExponent(s []byte) bool {
	if len(s) == 0 {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	sign := 1
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	if len(s) == 0 || len(s) > 4 {
		return false
	}
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
		n = n*10 + int(c-'0')
	}
	d.exponent += sign * n
	return true
}
