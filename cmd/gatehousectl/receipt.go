package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"gatehouse/paper/receiptcode"
)

func receiptVerb() verb {
	return verb{name: "receipt check", args: "TEXT|- --key KEY",
		short: "prove the scanned code of a receipt",
		long: `Proves the text that a scanner reads from the QR code of a receipt, with the
station's public key and nothing else: no ledger, no network. Give - to read the
text from standard input; on a command line put it in single quotes.

The code says what the receipt must show. Compare number and amount with the
paper: a genuine code can be glued onto another receipt.`,
		run: runReceipt}
}

// maxCode bounds a scanned text.
const maxCode = 4 << 10

func runReceipt(_ context.Context, c *call) error {
	given := c.flags.String("key", "", "the station's public `KEY`: hexadecimal digits, or a file (see gatehousectl key show)")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if err := c.needed("key"); err != nil {
		return err
	}
	key, err := readPublicKey(*given)
	if err != nil {
		return err
	}
	text := args[0]
	if text == "-" {
		read, err := io.ReadAll(io.LimitReader(c.Stdin, maxCode))
		if err != nil {
			return fmt.Errorf("read the code: %w", err)
		}
		text = string(read)
	}
	e, err := receiptcode.Check(text, key)
	if err != nil {
		return err
	}
	if e.Training {
		fmt.Fprintln(c.Stdout, "TRAINING: a practice receipt, worth nothing")
	}
	number := string(e.Number())
	if e.Deed == receiptcode.Close {
		number = fmt.Sprintf("none, a Z report after %d receipts", e.Receipt)
	}
	fmt.Fprintf(c.Stdout, "genuine\nreceipt      %s\nfor          %s\namount       %s\nmade         %s\nstation      %s\nlog          %s, entry %d\ntaken so far %s\n",
		number, e.Deed, e.Total, e.At.Format(time.RFC3339), e.Station, e.Log, e.Seq, e.Taken)
	return nil
}
