// Command gatehouse-central is where the ledgers of the stations come together:
// it takes entries in, proves them, keeps them once, and shows them on a plain
// page.
//
//	gatehouse-central --data /var/lib/gatehouse-central
//
// It listens on loopback unless told otherwise. The enrolment code is read from
// --enrol-code-file, from the environment variable GATEHOUSE_ENROL_CODE, or from
// --enrol-code; without one no new station can enrol.
package main
