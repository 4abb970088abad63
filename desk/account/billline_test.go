package account_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/desk/account"
	"gatehouse/desk/card"
	. "gatehouse/desk/desktest"
	"gatehouse/ledger"
)

func stub() account.Layout {
	return account.Layout{Name: "stub", Length: 25, Account: account.Span{At: 0, Length: 7}, Groups: []int{2, 4, 1},
		Cents: account.Span{At: 7, Length: 9}, Due: account.Span{At: 16, Length: 6}, Check: "mod10"}
}

func older() account.Layout {
	return account.Layout{Name: "older", Length: 20, Account: account.Span{At: 8, Length: 8}, Groups: []int{8},
		Cents: account.Span{At: 0, Length: 8}, Check: "mod10-731"}
}

func layouts() []account.Layout { return []account.Layout{stub(), older()} }

// Worked out from the rules by other means.
func TestLinesAsPrinted(t *testing.T) {
	for _, c := range []struct {
		layout account.Layout
		want   account.BillLine
		line   string
	}{
		{stub(), account.BillLine{Layout: "stub", No: "01-2345-6", Billed: 188_20, Due: 20261130}, "0123456000018820261130009"},
		{older(), account.BillLine{Layout: "older", No: "12345678", Billed: 188_20}, "00018820123456780007"},
	} {
		if got := c.layout.Write(c.want.No, c.want.Billed, c.want.Due); got != c.line {
			t.Errorf("%s writes %s, want %s", c.layout.Name, got, c.line)
		}
		for _, typed := range []string{c.line, " " + c.line + " ", c.line + "\n", c.line[:4] + " " + c.line[4:], strings.Join(strings.Split(c.line, ""), " ")} {
			if got, err := account.ParseBillLine(layouts(), typed); err != nil || got != c.want {
				t.Errorf("%q: %+v, %v", typed, got, err)
			}
		}
	}
}

func TestWhatIsNoBillLine(t *testing.T) {
	line := stub().Write("01-2345-6", 188_20, 20261130)
	for _, text := range []string{
		"", " ", "garcia oak", "01-2345-6", "88120034", "5550100142", line[:24], line + "0", line[:24] + "x", "-" + line[1:],
		strings.Repeat("1", 200), strings.Repeat(" ", 500) + line, "０１２３４５６０００１８８２０２６１１３０００４", line[:10] + "\t" + line[10:],
	} {
		if got, err := account.ParseBillLine(layouts(), text); !errors.Is(err, account.ErrNotABill) {
			t.Errorf("%.60q: %+v, %v", text, got, err)
		}
	}
	if _, err := account.ParseBillLine(nil, line); !errors.Is(err, account.ErrNotABill) {
		t.Errorf("no layouts: %v", err)
	}
}

// drawLine draws a layout, and a line of it.
func drawLine(t *rapid.T) (account.Layout, account.BillLine, string) {
	l := rapid.SampledFrom(layouts()).Draw(t, "layout")
	number := func(n int, name string) string {
		return rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), n, n, -1).Draw(t, name)
	}
	want := account.BillLine{Layout: l.Name}
	var groups []string
	for _, g := range l.Groups {
		groups = append(groups, number(g, "group"))
	}
	want.No = account.No(strings.Join(groups, "-"))
	want.Billed = ledger.Cents(rapid.Int64Range(0, 99_999_999).Draw(t, "cents"))
	if l.Due.Length > 0 {
		want.Due = ledger.Date(20_000_000 + rapid.Uint32Range(0, 99).Draw(t, "year")*10000 +
			rapid.Uint32Range(1, 12).Draw(t, "month")*100 + rapid.Uint32Range(1, 28).Draw(t, "day"))
	}
	return l, want, l.Write(want.No, want.Billed, want.Due)
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, want, line := drawLine(t)
		if got, err := account.ParseBillLine(layouts(), line); err != nil || got != want || len(line) != l.Length {
			t.Fatalf("%s: %+v, %v; want %+v", line, got, err, want)
		}
		if card.In(line) && len(line) > 19 {
			t.Fatalf("%s looks like a card number", line)
		}
	})
}

func TestOneWrongDigitIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, line := drawLine(t)
		for at := range line {
			for other := byte('0'); other <= '9'; other++ {
				if other == line[at] {
					continue
				}
				wrong := line[:at] + string(other) + line[at+1:]
				if got, err := account.ParseBillLine(layouts(), wrong); Code(err) != "account.check_digit at find" {
					t.Fatalf("%s for %s: %+v, %v", wrong, line, got, err)
				}
			}
		}
	})
}

func TestLayoutsThatCannotBeWorkedWith(t *testing.T) {
	if err := account.CheckLayouts(layouts()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*account.Layout){
		"no name":    func(l *account.Layout) { l.Name = "" },
		"too short":  func(l *account.Layout) { l.Length = 7 },
		"too long":   func(l *account.Layout) { l.Length = 65 },
		"no account": func(l *account.Layout) { l.Account.Length, l.Groups = 0, nil },
		"an account too long": func(l *account.Layout) {
			l.Length, l.Account, l.Groups = 64, account.Span{At: 22, Length: 33}, []int{33}
		},
		"a field before the line":  func(l *account.Layout) { l.Cents.At = -1 },
		"a field below nothing":    func(l *account.Layout) { l.Cents.Length = -1 },
		"a field on the check":     func(l *account.Layout) { l.Due.At = 19 },
		"a field beyond all sums":  func(l *account.Layout) { l.Due.At, l.Due.Length = 1<<62, 1<<62 },
		"two fields on one digit":  func(l *account.Layout) { l.Cents.At = 6 },
		"groups that do not add":   func(l *account.Layout) { l.Groups = []int{2, 4} },
		"an empty group":           func(l *account.Layout) { l.Groups = []int{2, 0, 5} },
		"a group below nothing":    func(l *account.Layout) { l.Groups = []int{8, -1} },
		"an amount of ten digits":  func(l *account.Layout) { l.Length, l.Due, l.Cents.Length = 30, account.Span{At: 20, Length: 6}, 10 },
		"a due date of eight":      func(l *account.Layout) { l.Length, l.Due.Length = 30, 8 },
		"a check rule nobody uses": func(l *account.Layout) { l.Check = "mod11" },
		"no check rule":            func(l *account.Layout) { l.Check = "" },
	} {
		l := stub()
		spoil(&l)
		if l.Valid() == nil {
			t.Errorf("%s was accepted: %+v", name, l)
		}
	}
	twin := stub()
	twin.Name = "twin"
	if account.CheckLayouts([]account.Layout{stub(), twin}) == nil {
		t.Error("two layouts that cannot be told apart")
	}
	twin.Check = "mod10-731"
	if err := account.CheckLayouts([]account.Layout{stub(), twin}); err != nil {
		t.Errorf("two layouts that differ by their check rule: %v", err)
	}
	if account.CheckLayouts(make([]account.Layout, 17)) == nil {
		t.Error("layouts without end")
	}
}

func FuzzParseBillLine(f *testing.F) {
	f.Add(stub().Write("01-2345-6", 188_20, 20261130))
	f.Add(older().Write("12345678", 188_20, 0))
	f.Add("garcia")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := account.ParseBillLine(layouts(), text)
		if err != nil {
			if Code(err) != "account.check_digit at find" && !errors.Is(err, account.ErrNotABill) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if account.CheckNo(got.No) != nil || got.Billed < 0 {
			t.Errorf("%q: %+v", text, got)
		}
		for _, l := range layouts() {
			if l.Name == got.Layout && account.No(got.No) != "" {
				// Digits that no field reads may be anything; written anew they are 0.
				again, err := account.ParseBillLine(layouts(), l.Write(got.No, got.Billed, got.Due))
				if err != nil || again != got {
					t.Errorf("%q reads as %+v, written and read as %+v, %v", text, got, again, err)
				}
			}
		}
	})
}
