// Package limit keeps one sender from taking central away from the others.
//
// # Words
//
//   - Sender: an address on the network; of IPv6 its /64, which is what one
//     household or office has. This machine itself has no limit: what comes from
//     loopback is a proxy or a test, and stands for many.
//   - Rate: requests a second, with a short burst above it. Beyond it the answer is
//     429 and how long to wait, which stations do.
//   - Log: the ledger a request is about. It has a rate for each sender, so that a
//     station gone wrong is held back, and nobody else's requests count against it.
package limit
