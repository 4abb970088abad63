// Package sync is how ledgers travel. The protocol is in sync/wire, the
// station's side in sync/station, central's side in central/api.
//
// A station works for days without a network, so nothing here is ever in the
// way of a payment: the follower reads what the ledger has stored and carries it
// to central, in order, once. Progress is what central has on disk, in its own
// words; everything else is a hint.
package sync
