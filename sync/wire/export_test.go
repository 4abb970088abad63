package wire

// For tests of what a batch may hold.
var (
	IntoTable  = intoTable
	OutOfTable = outOfTable
)
