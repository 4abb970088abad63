package words

// plural is a plural form, by the names of the Unicode plural rules.
type plural string

const (
	one   plural = "one"
	other plural = "other"
)

// plurals are the forms a language has for whole numbers.
func (l Lang) plurals() []plural { return []plural{one, other} }

// plural returns the form for a counted number. English and Spanish both have
// "one" for 1 only. (Spanish has a form for whole millions too, which nothing at
// a front desk reaches.)
func (l Lang) plural(n any) plural {
	switch n := n.(type) {
	case int:
		if n == 1 {
			return one
		}
	case int64:
		if n == 1 {
			return one
		}
	case uint64:
		if n == 1 {
			return one
		}
	}
	return other
}
