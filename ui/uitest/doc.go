// Package uitest is the bench on which screens are tested: a window of an
// appliance's size without a display, a clock that stands still until somebody
// types, fingers that tap by caption, and golden files.
//
// A golden file that does not exist or differs is written to testdata/failed;
// look at it, then move it to testdata to accept it. Tests of screens share the
// toolkit's one application and must not run in parallel.
package uitest
