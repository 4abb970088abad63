// Package wire is how ledgers travel: what a station and central say to each
// other, byte for byte.
//
// The whole conversation is two sentences. The station says "here is my log
// from number n"; central says "my durable head is number m, with this hash".
// Sending entries that central already has is fine if the hashes agree. If they
// do not, two different histories carry the same numbers: that is a fork, and
// it is for a person to judge.
//
// # Words
//
//   - Batch: consecutive entries of one log, their bytes as they lie in the
//     ledger one after the other (a CBOR sequence), each without the hash of the
//     one before, which the receiver works out; compressed with zstd.
//   - Header: what a batch says about itself, signed with the station's key
//     together with the compressed bytes.
//   - Head: the last entry central has on disk, countersigned by central.
//   - Enrolment: how central gets to know a log: its first entry, the proof
//     that the sender holds its key, and the code a person was given.
//   - Token: lets a station read customers' data for some minutes, after it
//     signed a challenge with its key.
//   - Problem: why central did not take what it was sent.
//
// # Paths
//
//	POST /v1/enrol               Enrolment as JSON       -> Answer
//	GET  /v1/logs/{log}/head                             -> Answer
//	POST /v1/logs/{log}/append   Header as HTTP headers,
//	                             batch as the body       -> Answer
//	GET  /v1/challenge                                   -> Challenge
//	POST /v1/session             Session as JSON         -> Token
//
// Entries need no token: each batch is signed. What a station reads does.
//
// Central refuses bytes for their size, their signature, their chain, or
// because it does not know the log; never for what they say.
package wire
