// Command gatehouse is the station: a cashier's window with drawer and receipt
// printer, or a kiosk in the lobby. It only wires: the ledger, the desk over it,
// and those who follow the ledger, paper, drawer and central.
//
// The data folder holds what stations of one machine share (policy.toml, ref.db)
// and a folder for each station: its ledger, its key, its mirror. Give the mirror
// a medium of its own with --mirror.
//
// Without a printer named, the station prints on an emulated one, on a real
// pseudo-terminal; its papers lie in the station's folder as pictures and text.
package main
