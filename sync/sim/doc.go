// Package sim plays many stations and one central against each other in one
// process, on simulated time, disk and network, from one seed.
//
// Real are the ledger, the follower of sync/station, and central's api, book and
// store. Simulated are what they stand on: the clocks of each machine, the
// randomness, the network between them (network.go), and what a power cut leaves of
// a file (disk.go). Machines lose their power, are copied and put back to older
// images (machine.go); central too, and it revokes stations (house.go). In the end
// everything is mended, and the verdict says whether anything acknowledged is
// missing, anything is there twice, or any total disagrees (verdict.go).
//
// One thread takes events in the order of their time, so the same seed gives the
// same run on any machine, and a failing seed replays exactly. While a request is on
// its way the clerk of that station may take a payment: the network calls back.
//
// # The disk
//
// Files are real ones in a folder that should be in memory. A machine that loses
// its power in the middle of a commit is left with the old pages and any part of
// the new ones, but with the page that leads to them only if all of them are
// there: a disk that is honest about flushes. What a lying disk leaves is the
// ledger's own tests' to show (ledger/torn_test.go).
//
// # Disasters
//
// A copied disk, an older image of a disk without a mirror, and a central put back to
// a backup may each lose a race that no program can win together with another. So
// each seed has one of them at most, and the verdict expects what a person would: all
// that was acknowledged is at central, and of a fork both sides are kept.
//
// # What it cannot show
//
// Simulated clocks have no monotonic reading, so a step forwards looks to the
// ledger like time that went by; steps backwards are noticed. Heartbeats that
// change nothing are thinned out, or a day would be nothing else. The office's relay
// has a simulation of its own (central/relay/office_test.go).
//
// The room stands beside sync/station by its subject, but above central by what it
// needs: it holds both ends of the line. Only cmd/gatehousectl imports it.
package sim
