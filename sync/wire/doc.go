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
//     ledger, each without the hash of the one before, which the receiver works
//     out; the same field of all of them put together, which is a table, and
//     compressed with zstd.
//   - Header: what a batch says about itself, signed with the station's key
//     together with the compressed bytes.
//   - Head: the last entry central has on disk, countersigned by central.
//   - Enrolment: how central gets to know a log: its first entry, the proof
//     that the sender holds its key, and the code a person was given.
//   - Token: lets a station read customers' data for some minutes, after it
//     signed a challenge with its key.
//   - Feed: data that central gives to stations: customers, staff. It has a number,
//     its version.
//   - Record: one row of a feed, under a key.
//   - Chunk: neighbouring records, compressed, named by the hash of their bytes. A
//     station fetches those it lacks, from anybody, and knows that they are right.
//   - Layer: chunks in the order of their keys. The first layer of a version is its
//     base, each later one what changed since.
//   - Manifest: what a version is made of, signed by central: its chunks, when it was
//     true, and how far each station's entries are counted in its balances.
//   - Problem: why central did not take what it was sent.
//
// # Paths
//
//	POST /v1/enrol               Enrolment as JSON       -> Answer
//	GET  /v1/logs/{log}/head                             -> Answer
//	POST /v1/logs/{log}/append   Header as HTTP headers,
//	                             batch as the body       -> Answer
//	POST /v1/logs/{log}/show     the same, of a fork's
//	                             other side              -> Answer
//	GET  /v1/challenge                                   -> Challenge
//	POST /v1/session             Session as JSON         -> Token
//	GET  /v1/reference/manifest?feed=                    -> manifest, signed
//	GET  /v1/reference/chunks/{sha256}                   -> chunk
//	GET  /v1/activity?after=                             -> Activity
//	POST /v1/restore             Restore as JSON         -> Restored
//	GET  /v1/logs/{log}/entries?from=                    -> Header as HTTP headers,
//	                                                        batch as the body
//
// Entries that are sent need no token: each batch is signed. What is read does; only the
// head of a log is nobody's secret.
//
// Central refuses bytes for their size, their signature, their chain, or
// because it does not know the log; never for what they say.
package wire
