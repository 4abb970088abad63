// Command gatehouse-demo shows the house at work, with the same programs that a
// utility runs.
//
// "attended" starts an emulated printer with its drawer, central, and the
// cashier's window with the sample utility, and stops them when the window is
// closed.
//
// "day" does so without a display and drives a short day by real key presses and
// touches. It waits only for what can be seen: where the window stands, paper
// that came out, entries that arrived. Then it checks the ledgers, the papers and
// the journals, also with programs that are not ours, and leaves all of it in a
// folder with a summary. It ends with 0 only if everything held.
//
// "central" does so with three stations in two buildings, the relay of one of them,
// a line that is cut, a copied disk, and a central that is killed while entries come;
// then it goes through central's console in a real browser.
package main
