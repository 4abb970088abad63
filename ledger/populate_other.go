//go:build !linux

package ledger

// populate: only Linux can map a whole file at once.
const populate = 0
