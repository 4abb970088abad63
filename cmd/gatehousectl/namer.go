package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"

	"gatehouse/ledger"
)

// namer gives the lines of a script their ids. The same script gives the same
// ids, so that it can be played again after a power cut.
type namer struct {
	batch  string // name of the script; empty: ids are new each time
	random io.Reader
	seen   map[ledger.CommandID]int // how often a line said the same before
}

// id is the id of a line. PINs are not part of it: an id is in the ledger for
// good, and a PIN of six digits could be found by trying.
func (n *namer) id(a around, own []byte) (ledger.CommandID, error) {
	if a.ID != "" {
		return ledger.ParseCommandID(a.ID)
	}
	if n.batch == "" {
		return ledger.NewCommandID(n.random)
	}
	says, err := json.Marshal([]any{n.batch, a.Do, a.By, a.Approver, a.At, json.RawMessage(own)})
	if err != nil {
		return ledger.CommandID{}, err
	}
	first := hashID(says, 0)
	nth := n.seen[first]
	n.seen[first]++
	if nth == 0 {
		return first, nil
	}
	return hashID(says, nth), nil
}

// hashID is a UUID of version 8 (RFC 9562, section 5.8) from what a line says.
func hashID(says []byte, nth int) ledger.CommandID {
	sum := sha256.Sum256(fmt.Appendf(nil, "gatehouse play 1 %d\n%s", nth, says))
	id := ledger.CommandID(sum[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}
