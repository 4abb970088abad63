package main

import (
	"context"
	"encoding/binary"
	"errors"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/sample"
	"gatehouse/ledger"
)

// The lines that the day scans are those of the sample's own policy.
func TestABillIsOneOfTheSamplesLayouts(t *testing.T) {
	data := t.TempDir()
	if err := sample.Write(data, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), 300); err != nil {
		t.Fatal(err)
	}
	policy, err := sample.Policy()
	if err != nil {
		t.Fatal(err)
	}
	town, err := readTown(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range append(append(town.plain, town.behind...), town.large) {
		line, err := account.ParseBillLine(policy.Bills, bill(c))
		if err != nil || line.No != c.No || line.Billed != owed(c) || line.Due != c.DueBy {
			t.Errorf("%s: read as %+v, %v", c.No, line, err)
		}
	}
}

func TestATownTooSmallForTheDay(t *testing.T) {
	data := t.TempDir()
	if err := sample.Write(data, time.Now(), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := readTown(data); err == nil {
		t.Error("three customers are enough for the day")
	}
}

func TestPiecesAddUp(t *testing.T) {
	for _, amount := range []ledger.Cents{0, 1, 99, 100, 30000, 80614, 123456} {
		var sum ledger.Cents
		for i, n := range pieces(amount, values()) {
			sum += values()[i].Times(int64(n))
		}
		if sum != amount {
			t.Errorf("the pieces of %s come to %s", amount, sum)
		}
	}
}

func TestHandedIsEnough(t *testing.T) {
	for _, owes := range []ledger.Cents{1, 1999, 2000, 2001, 13096} {
		c := account.Customer{Current: owes}
		if got := handed(c); got <= owes || got > owes+2000 || got%2000 != 0 {
			t.Errorf("for %s they hand over %s", owes, got)
		}
	}
}

func TestTheDisplaysPictureIsRead(t *testing.T) {
	const head, colours, width, height, stride = 104, 2, 3, 2, 16
	data := make([]byte, head+12*colours+height*stride)
	for i, v := range map[int]uint32{0: head, 4: width, 5: height, 11: 32, 12: stride, 19: colours} {
		binary.BigEndian.PutUint32(data[4*i:], v)
	}
	copy(data[head+12*colours+stride+2*4:], []byte{30, 20, 10, 0}) // blue, green, red
	picture, err := readXWD(data)
	if err != nil {
		t.Fatal(err)
	}
	if got := picture.At(2, 1); got != (color.NRGBA{10, 20, 30, 255}) {
		t.Errorf("the pixel is %v", got)
	}
	for name, bad := range map[string][]byte{"empty": nil, "cut short": data[:len(data)-1], "only a head": data[:100]} {
		if _, err := readXWD(bad); err == nil {
			t.Errorf("%s: read as a picture", name)
		}
	}
}

func TestATurnIsSeenEvenIfItIsWrittenInTwoParts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	p := &person{ctx: context.Background(), trace: path}
	if err := p.look(); err != nil || len(p.next) != 0 {
		t.Fatalf("before the window is there: %v, %v", p.next, err)
	}
	line := `{"place":"window","focus":"find","typed":3}` + "\n"
	put(t, path, line+line[:20])
	if err := p.look(); err != nil || len(p.next) != 1 || p.next[0].Typed != 3 {
		t.Fatalf("after a line and a half: %v, %v", p.next, err)
	}
	put(t, path, line+line)
	if err := p.look(); err != nil || len(p.next) != 2 || p.next[1].Focus != "find" {
		t.Fatalf("after two lines: %v, %v", p.next, err)
	}
	put(t, path, line+line+"nonsense\n")
	if err := p.look(); err == nil {
		t.Error("nonsense was read")
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAPersonWhoFailedDoesNothingMore(t *testing.T) {
	first := errors.New("the key is stuck")
	p := &person{ctx: context.Background(), err: first}
	p.does(func() error { t.Error("did something"); return nil })
	p.sees("anything", func(turn) bool { t.Error("looked"); return true })
	if p.err != first {
		t.Errorf("the first fault became %v", p.err)
	}
}

func TestOnlyAFolderOfAnEarlierDayIsReplaced(t *testing.T) {
	out := t.TempDir()
	mine := filepath.Join(out, "thesis.txt")
	put(t, mine, "years of work")
	if err := prepare(out); err == nil {
		t.Error("a folder with other things was taken")
	}
	if _, err := os.Stat(mine); err != nil {
		t.Fatal("what was in it is gone")
	}
	fresh := filepath.Join(t.TempDir(), "demo")
	for range 2 {
		if err := prepare(fresh, "screens"); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(fresh, "screens", "old.png"), "")
	}
	if err := prepare(fresh, "screens"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(fresh, "screens", "old.png")); err == nil {
		t.Error("what the earlier day left is still there")
	}
}

func TestTheSummarySaysWhatDidNotHold(t *testing.T) {
	out := t.TempDir()
	s := newSummary(func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }, "A day", "")
	s.holds("the drawer opened", true, "%d pulses", 11)
	s.holds("the receipt is genuine", false, "a|b")
	s.end(nil)
	if err := s.write(out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(out, "summary.md"))
	if err != nil || s.failed() != 1 || !strings.Contains(string(text), "**no**") || !strings.Contains(string(text), "11 pulses") {
		t.Errorf("%d failed, %v\n%s", s.failed(), err, text)
	}
}

func TestEveryLetterOfTheNamesIsOnTheKeyboard(t *testing.T) {
	for _, r := range "anaortizdeltapumps^_ñ" {
		at, ok := keyAt(r)
		if !ok || at[0] < 20 || at[0] > 1060 || at[1] < 800 || at[1] > 1270 {
			t.Errorf("%q is at %v, %t", r, at, ok)
		}
	}
	if _, ok := keyAt('#'); ok {
		t.Error("there is no # on it")
	}
}

func TestARunWithoutAVerbSaysHow(t *testing.T) {
	for _, args := range [][]string{nil, {"night"}} {
		if err := run(context.Background(), args); err == nil || !strings.Contains(err.Error(), "usage") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
