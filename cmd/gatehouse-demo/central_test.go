package main

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"gatehouse/ledger"
)

// echo answers with what it was told.
func echo(t *testing.T) string {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { door.Close() })
	go func() {
		for {
			c, err := door.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(c, c)
				c.Close()
			}()
		}
	}()
	return door.Addr().String()
}

func TestALinkCarriesUntilItIsCutAndAgainWhenItIsMended(t *testing.T) {
	l, err := newLink(echo(t))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	said := bytes.Repeat([]byte("water"), 1000)
	var c net.Conn
	talk := func() error {
		if c, err = net.Dial("tcp", l.address); err != nil {
			return err
		}
		c.SetDeadline(time.Now().Add(20 * time.Second))
		if _, err := c.Write(said); err != nil {
			return err
		}
		heard := make([]byte, len(said))
		if _, err := io.ReadFull(c, heard); err != nil {
			return err
		}
		if !bytes.Equal(heard, said) {
			t.Error("the link carried something else")
		}
		return nil
	}
	if err := talk(); err != nil || l.up.Load() != int64(len(said)) {
		t.Fatalf("%d bytes carried: %v", l.up.Load(), err)
	}
	l.set(true)
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("a connection outlives the cut")
	}
	if talk() == nil {
		t.Error("a cut link carries")
	}
	l.set(false)
	if err := talk(); err != nil {
		t.Errorf("mended: %v", err)
	}
}

func TestWorkingDaysLeaveWeekendsOut(t *testing.T) {
	monday := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	var got string
	for _, day := range workingDays(monday, 6) {
		got += day.Format(" Mon 2")
	}
	if want := " Fri 20 Mon 23 Tue 24 Wed 25 Thu 26 Fri 27"; got != want {
		t.Errorf("got%s, want%s", got, want)
	}
}

func TestAnAccountOfAJournalBelongsToOneOfTheGeneralLedger(t *testing.T) {
	known := map[string]ledger.Cents{"assets:drawer:cash": 0, "expenses:over-short": 0}
	for account, want := range map[string]string{
		"assets:drawer:cash:A1-S0001": "assets:drawer:cash",
		"assets:drawer:cash":          "assets:drawer:cash",
		"expenses:over-short:A1":      "expenses:over-short",
		"assets:drawer:check:A1":      "assets:drawer:check:A1", // it then differs, which is seen
	} {
		if got := glAccount(account, known); got != want {
			t.Errorf("%s belongs to %s", account, got)
		}
	}
}

func TestFiguresOfAPageAreReadWithTheirSign(t *testing.T) {
	for text, want := range map[string]ledger.Cents{"1,234.50": 123450, "-20.00": -2000, "0.00": 0} {
		if got, err := amountOf(text); err != nil || got != want {
			t.Errorf("%q is read as %v, %v", text, got, err)
		}
	}
	if _, err := amountOf("nothing"); err == nil {
		t.Error("words are read as an amount")
	}
}
