// Package trace tells an OpenTelemetry collector how long each request took, and how
// much of that the store did. Nobody is told anything unless a collector is named;
// then it costs nothing.
//
// A trace names the path of a request, which holds the id of a log, and the status
// of its answer; never a query, a header or a body.
package trace
