package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"

	"gatehouse/ledger"
)

// turn is where a person stands, for a test that presses the keys of the real
// window and must know when to press the next. Nothing typed is in it: no PIN,
// no name, no amount.
type turn struct {
	Place   string `json:"place"`
	Focus   string `json:"focus,omitempty"`
	Enter   string `json:"enter,omitempty"` // what Enter means now
	Notice  string `json:"notice,omitempty"`
	Trouble string `json:"trouble,omitempty"`
	Ask     string `json:"ask,omitempty"`
	Refused string `json:"refused,omitempty"` // rule that refuses the field in focus

	Typed    int              `json:"typed,omitempty"` // how many characters stand in the field in focus
	Busy     bool             `json:"busy,omitempty"`
	Found    int              `json:"found,omitempty"`
	Parts    int              `json:"parts,omitempty"`
	Known    bool             `json:"known,omitempty"` // every account of the payment was read
	Tenders  int              `json:"tenders,omitempty"`
	Complete bool             `json:"complete,omitempty"`
	Rows     int              `json:"rows,omitempty"` // payments, or visitors, or choices of a form, listed
	Receipt  ledger.ReceiptNo `json:"receipt,omitempty"`
	Offline  bool             `json:"offline,omitempty"` // the payment just taken
	Number   string           `json:"number,omitempty"`  // a visitor's
	Language string           `json:"language,omitempty"`

	Link    string `json:"link,omitempty"` // online, offline
	Waiting int    `json:"waiting,omitempty"`
	Printer string `json:"printer,omitempty"`
	Papers  int    `json:"papers,omitempty"` // waiting for the printer
}

// tracePace is how often the window is looked at. It is looked at from outside,
// so that the places need not know of it.
const tracePace = 20 * time.Millisecond

// trace writes each turn of the window as a line of JSON.
type trace struct {
	file *os.File
	out  *bufio.Writer
	last turn
	err  error
}

func newTrace(path string) (*trace, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the trace: %w", err)
	}
	return &trace{file: f, out: bufio.NewWriter(f)}, nil
}

// maxTrace bounds the file, in bytes.
const maxTrace = 16 << 20

// note writes where a person stands, if it changed. Only the window's goroutine
// calls it.
func (t *trace) note(now turn) {
	if reflect.DeepEqual(now, t.last) || t.err != nil {
		return
	}
	t.last = now
	line, err := json.Marshal(now)
	if err == nil {
		_, err = t.out.Write(append(line, '\n'))
	}
	if t.err = errors.Join(err, t.out.Flush()); t.err == nil {
		if about, err := t.file.Stat(); err == nil && about.Size() > maxTrace {
			t.err = fmt.Errorf("the trace is longer than %d bytes", maxTrace)
		}
	}
}

func (t *trace) close() error {
	if err := errors.Join(t.err, t.file.Close()); err != nil {
		return fmt.Errorf("write the trace: %w", err)
	}
	return nil
}
