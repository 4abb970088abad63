// Package api is the door of central that stations knock at: enrolment, the
// head of a log, and entries. It bounds what comes in, hands it to the store,
// and answers with central's head, countersigned.
//
// A station is known by its signature on each batch, not by its address or a
// session; so nothing is lost when a reply is, and any central process with the
// same store and key can answer.
package api
