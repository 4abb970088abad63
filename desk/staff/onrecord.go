package staff

import (
	"strings"
	"time"

	"gatehouse/ledger"
)

// Recorded is what a ledger has on record of one kind of thing, by name, in words: of a
// person as Person.InWords says it.
func Recorded(s *ledger.State, of Of) map[string]string {
	all := make(map[string]string)
	for k, v := range ledger.Prefixed(s.Rows(rights{}.Name()), []byte(rowKey(of, ""))) {
		all[strings.TrimPrefix(string(k), rowKey(of, ""))] = string(v)
	}
	return all
}

// OnRecord is who may do what as a ledger has it on record, without the file it once
// came from: a policy with the rights alone, and the limits of all dates.
func OnRecord(s *ledger.State) (p Policy, limits []Limit) {
	p.Rights = make(map[Role][]Right)
	for role, names := range Recorded(s, OfRole) {
		for name := range strings.SplitSeq(names, rightSep) {
			p.Rights[Role(role)] = append(p.Rights[Role(role)], Right(name))
		}
	}
	for name, words := range Recorded(s, OfLimit) {
		parts := strings.Split(name, rightSep)
		most, source, ok := strings.Cut(words, " (")
		if !ok || len(parts) != 3 {
			continue
		}
		from, err := time.Parse(limitFrom+time.DateOnly, parts[2])
		if err != nil {
			continue
		}
		limits = append(limits, Limit{Role: Role(parts[0]), Right: Right(parts[1]), From: ledger.DateOf(from),
			Most: most, Source: strings.TrimSuffix(source, ")")})
	}
	return p, limits
}
