// Package meter counts what central does, for Prometheus.
//
// # Words
//
//   - Acknowledgement: the answer to a batch that is on disk. Its time is what a
//     station waits at central, without the network.
//   - Head age: how long ago the last fresh entry of a station came. A station that
//     has nothing to say is as old as one that cannot speak: at night all are.
//   - Problem: why something was refused, as in sync/wire.
//
// A name of a station is the only label that comes from outside. At most
// MaxStations are listed, those that wrote last.
package meter
