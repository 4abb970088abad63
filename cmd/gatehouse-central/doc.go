// Command gatehouse-central is where the ledgers of the stations come together:
// it takes entries in, proves them, keeps them once, and shows them on a plain
// page.
//
//	gatehouse-central --data /var/lib/gatehouse-central
//
// It listens on loopback unless told otherwise. A new station is let in by a code
// that is good for one station and one day. The console makes them; so does
//
//	gatehouse-central code 'kiosk in the lobby' --data /var/lib/gatehouse-central
//
// which, with the embedded store, works while central does not run.
package main
