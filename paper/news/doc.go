// Package news passes the newest state of a follower of the ledger to whoever
// shows it. Only the last word counts: a slow reader misses what was said
// before it, and holds nobody up.
package news
