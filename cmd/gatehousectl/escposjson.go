package main

import (
	"encoding/hex"
	"encoding/json"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// streamList is what a stream of printer commands says, and what it leaves on paper.
type streamList struct {
	Bytes       int              `json:"bytes"`
	Unknown     int              `json:"unknown"`     // commands no reference knows
	Unsupported int              `json:"unsupported"` // known, and not drawn on the emulated paper
	Unfinished  bool             `json:"unfinished"`  // it ends inside a command
	Commands    []streamToken    `json:"commands"`
	More        int              `json:"more,omitempty"` // that are not listed
	Pieces      []emulator.Piece `json:"pieces"`

	tokens escpos.Tokenizer
	at     int
}

// streamToken is a command, a control character or a text.
type streamToken struct {
	At      int    `json:"at"` // where it begins, in bytes from 0
	Length  int    `json:"length"`
	Name    string `json:"name,omitempty"` // of a command
	Words   string `json:"words,omitempty"`
	Unknown bool   `json:"unknown,omitempty"`
	Text    string `json:"text,omitempty"` // as far as it is ASCII; other bytes as they would be in Latin 1
	Hex     string `json:"hex"`            // the first bytes
}

// maxListed bounds the list; a receipt has some hundred.
const maxListed = 100_000

// Write reads more of the stream.
func (l *streamList) Write(p []byte) (int, error) {
	l.tokens.Push(p, l.add)
	return len(p), nil
}

func (l *streamList) end() {
	l.tokens.Flush(l.add)
	l.Unfinished = l.tokens.Pending()
}

func (l *streamList) add(t escpos.Token) {
	e := streamToken{
		At: l.at, Length: len(t.Data) + t.Lost, Name: t.Name, Words: escpos.Words(t.Name), Unknown: t.Kind == escpos.TokenUnknown,
		Hex: hex.EncodeToString(t.Data[:min(len(t.Data), shownBytes)]),
	}
	l.at += e.Length
	if t.Kind == escpos.TokenText {
		letters := make([]rune, len(t.Data))
		for i, b := range t.Data {
			letters[i] = rune(b)
		}
		e.Text = string(letters)
	}
	if len(l.Commands) == maxListed {
		l.More++
		return
	}
	l.Commands = append(l.Commands, e)
}

func (c *call) showJSON(l *streamList, out emulator.Printout) error {
	l.end()
	l.Bytes, l.Unknown, l.Unsupported, l.Pieces = out.Bytes, out.Unknown, out.Unsupported, out.Pieces
	if l.Pieces == nil {
		l.Pieces = []emulator.Piece{}
	}
	if l.Commands == nil {
		l.Commands = []streamToken{}
	}
	e := json.NewEncoder(c.Stdout)
	e.SetIndent("", "  ")
	return e.Encode(l)
}
