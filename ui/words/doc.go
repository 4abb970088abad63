// Package words holds every sentence the program says, in every language, and
// how each language writes money, dates and times.
//
// Each language has a folder, each room of the program a file in it:
// en/cashier.toml and es/cashier.toml hold the cashier's sentences. A key is the
// file's name and the names inside it, joined by points: in cashier.toml
//
//	take_payment = "Take payment"
//	[find]
//	hint  = "Find {what}"
//	count = { one = "{n} account", other = "{n} accounts" }
//
// are "cashier.take_payment", "cashier.find.hint" and "cashier.find.count".
// {what} is a named argument; a sentence that counts has a form for each plural
// of its language and counts the argument n. To add a sentence, add it to the
// same file of every language; a test names what is missing.
//
// refusals.toml has a sentence for each refusal of the rules, by its code.
//
// The language is chosen per window, not by the operating system: a visitor may
// read Spanish beside a cashier who reads English. A Book never changes and may
// be used from anywhere.
package words
