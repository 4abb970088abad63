// Package certificate is how central proves itself to stations where nobody gave
// it a certificate: it makes a key and signs a certificate for itself.
//
// # Words
//
//   - Key: an ECDSA key on P-256, made once and kept in central's folder. Whoever
//     holds it is central to every station that was given its pin.
//   - Certificate: names and dates for the key, signed by itself. It lasts two years
//     and is made anew with the same key a quarter of a year before its end, also
//     while central runs, so that a pin never has to be given out again.
//   - Pin: the SHA-256 of the key's public half (sync/wire). It travels to a station
//     the way its enrolment code does: through a person.
package certificate
