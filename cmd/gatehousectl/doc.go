// Command gatehousectl is the operator's tool: it proves a ledger, exports it,
// restores it from its mirror, plays files of commands through the desk, checks
// scanned receipts, and stands in for a printer. It has no window.
//
//	gatehousectl verify FILE [--key KEY] [--mirror DIR]
//	gatehousectl export FILE --format jsonl|csv|hledger|beancount [-o OUT]
//	gatehousectl restore --mirror DIR --key station.key --out FILE
//	gatehousectl play FILE.jsonl|- --ledger FILE --data DIR
//	gatehousectl play --list [--json]
//	gatehousectl receipt check TEXT|- --key KEY
//	gatehousectl key show station.key
//	gatehousectl sample DIR [--customers N]
//	gatehousectl probe [PORT]
//	gatehousectl emulator --link PATH
//	gatehousectl escpos decode FILE
//
// Each verb explains itself with --help. The exit code is 0 when all is well, 1
// when something is wrong or was refused, 2 when the command line was not
// understood.
package main
