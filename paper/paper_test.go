package paper_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/visit"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/papertest"
	"gatehouse/paper/receiptcode"
)

var update = flag.Bool("update", false, "write the golden files anew")

func layouts(t testing.TB) *paper.Layouts {
	t.Helper()
	l, err := paper.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func sheet(t testing.TB, d *papertest.Desk) paper.Sheet {
	t.Helper()
	s, err := paper.SheetOf(d.Desk)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sample is a paper with what a golden file is called after.
type sample struct {
	name string
	doc  *escpos.Doc
}

// day is a short day at the desk, on paper.
func day(t testing.TB, training bool) (all []sample) {
	d := papertest.Open(t, papertest.Options{Training: training})
	l, s := layouts(t), sheet(t, d)
	put := func(name string, e ledger.Entry, c paper.Copy) {
		t.Helper()
		doc, err := l.Document(s, &e, c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, sample{name, doc})
	}
	put("drawer-opened", d.Morning(), paper.Copy{})
	first := d.PayCash(papertest.Garcia, 188_20)
	put("receipt", first, paper.Copy{})
	put("receipt-copy", first, paper.Copy{N: 2, By: "Maria Lopez", At: papertest.Began()})
	put("receipt-doubt", first, paper.Copy{N: 1, Doubt: true, By: "Maria Lopez", At: papertest.Began()})
	d.Offline(true)
	put("receipt-offline-split", d.Do(cash.TakePayment{
		Pay: []cash.Pay{{Account: papertest.Oak, Amount: 1_204_11}, {Account: papertest.Nowak, Amount: 30_00}},
		Tenders: []cash.Tender{{Kind: cash.Check, Amount: 1_000_00, Number: "20417"},
			{Kind: cash.Card, Amount: 134_11, Reference: "T-99821", LastFour: "4242"}, {Kind: cash.Cash, Amount: 100_00}},
	}), paper.Copy{})
	d.Offline(false)
	void := d.PayCash(papertest.Garcia, 20_00)
	put("void", d.DoApproved(cash.VoidPayment{Receipt: void.ReceiptNo("A1"), Reason: "wrong account"}), paper.Copy{})
	x := d.Do(cash.XReportCommand{})
	put("x-report", x, paper.Copy{})
	put("x-report-cash", showingCash(t, x), paper.Copy{})
	put("z-report", d.CloseCounted(cash.CountDrawer{
		Count: cash.Count{{Value: 100_00, N: 2}, {Value: 20_00, N: 19}, {Value: 5_00, N: 1}, {Value: 1_00, N: 3}, {Value: 5, N: 4}},
		Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 1_000_00}, {Kind: cash.Card, Count: 1, Amount: 134_11}},
		Note:  "The roll of quarters was one short."}), paper.Copy{})
	for name, e := range lobby(t) {
		put(name, e, paper.Copy{})
	}
	for name, e := range control(t) {
		put(name, e, paper.Copy{})
	}
	put("reversal", d.DoApproved(cash.ReversePayment{Receipt: first.ReceiptNo("A1"), Reason: "wrong account"}), paper.Copy{})
	return all
}

// showingCash is an X report of a utility whose policy says x_shows_cash.
func showingCash(t testing.TB, x ledger.Entry) ledger.Entry {
	body, err := ledger.Unpack[cash.XReport](&x)
	if err != nil {
		t.Fatal(err)
	}
	body.ShowsCash = true
	if x.Body, err = ledger.Pack(body); err != nil {
		t.Fatal(err)
	}
	return x
}

// lobby is what visitors get, as the entries say it.
func lobby(t testing.TB) map[string]ledger.Entry {
	since := papertest.Began().Add(-time.Hour).UnixMicro()
	made := make(map[string]ledger.Entry)
	for name, c := range map[string]struct {
		kind ledger.Kind
		body any
	}{
		"ticket":    {visit.KindTicket, visit.Ticket{Number: "B042", Service: "bill", ServiceName: "Pay or ask about a bill", Language: "en"}},
		"ticket-es": {visit.KindTicket, visit.Ticket{Number: "B043", Service: "bill", ServiceName: "Pagar o preguntar por una factura", Language: "es"}},
		"ticket-zh": {visit.KindTicket, visit.Ticket{Number: "B044", Service: "bill", ServiceName: "支付或咨询账单", Language: "zh"}},
		"ticket-tl": {visit.KindTicket, visit.Ticket{Number: "B045", Service: "bill", ServiceName: "Magbayad o magtanong tungkol sa bill", Language: "tl"}},
		"ticket-vi": {visit.KindTicket, visit.Ticket{Number: "B046", Service: "bill", ServiceName: "Trả hoặc hỏi về hóa đơn", Language: "vi"}},
		"ticket-ko": {visit.KindTicket, visit.Ticket{Number: "B047", Service: "bill", ServiceName: "요금 납부 또는 문의", Language: "ko"}},
		"badge-vi": {visit.KindSignedIn, visit.SignedIn{Number: "V008", Name: "Nguyễn Thị Đặng", Company: "Công ty Nước sạch",
			Whom: "engineering", WhomName: "Kỹ thuật", WhomDesk: "Engineering", Badge: visit.Escorted, Language: "vi"}},
		"badge": {visit.KindSignedIn, visit.SignedIn{Number: "V007", Name: "Dr. Ana María Fernández de la Cruz", Company: "Hydro Survey LLC",
			Whom: "engineering", WhomName: "Engineering", WhomDesk: "Engineering", Person: "Sam Whitfield", Badge: visit.Escorted, Language: "en"}},
		"muster": {visit.KindListPrinted, visit.ListPrinted{Sheet: 1, Sheets: 1, In: 2, Left: 1, Tickets: 14, Rows: []visit.Row{
			{Number: "V007", Name: "Dr. Ana María Fernández de la Cruz", Company: "Hydro Survey LLC", Whom: "Engineering", Person: "Sam Whitfield", Badge: visit.Escorted, Since: since},
			{Number: "V009", Name: "Lee Wong", Whom: "Board of directors", Badge: visit.Visitor, Since: since, Left: since + 30*60e6}}}},
	} {
		made[name] = entry(t, c.kind, c.body)
	}
	return made
}

// entry is one with this body, as the paper reads it.
func entry(t testing.TB, kind ledger.Kind, body any) ledger.Entry {
	t.Helper()
	packed, err := ledger.Pack(body)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Entry{Seq: 12, Kind: kind, Micros: papertest.Began().UnixMicro(), Date: 20261123, Body: packed}
}

// control is what is done with cash besides taking it.
func control(t testing.TB) map[string]ledger.Entry {
	check := cash.Item{Receipt: 7, Number: "1042", Amount: 100_00}
	pieces := cash.Count{{Value: 100_00, N: 3}, {Value: 20_00, N: 10}}
	differences := []cash.Difference{{Kind: cash.Cash, Expected: 512_40, Counted: 500_00, Over: -12_40}, {Kind: cash.Check, Expected: 130_00, Counted: 30_00, Over: -100_00}}
	return map[string]ledger.Entry{
		"endorsement": entry(t, cash.KindEndorse, cash.ToEndorse{Payment: 7, Receipt: "A1-000123-K7QX", Session: "A1-S0001", Kind: cash.Check,
			Number: "20417", Amount: 1_204_11, Text: []string{"First Bank of Alder Creek", "account ending 4411"}}),
		"drawer-taken": entry(t, cash.KindDrawerOpened, cash.DrawerOpened{Session: "A1-S0002", Drawer: "1", Name: "Tom Baker", Expected: 500_00, Counted: pieces, Float: 500_00,
			Left: &cash.Left{Session: "A1-S0001", Z: 41, Name: "Maria Lopez"}}),
		"skim": entry(t, cash.KindSkim, cash.Skimmed{Session: "A1-S0001", Drawer: "1", Name: "Maria Lopez", Bag: "B-00417", Counted: pieces,
			Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 100_00, Ticked: []cash.Item{check}}}, Cash: 500_00, Amount: 600_00, WitnessName: "Tom Baker"}),
		"paid-out": entry(t, cash.KindPaid, cash.Paid{Way: cash.Out, Place: cash.PlaceDrawer, Session: "A1-S0001", Drawer: "1", Name: "Maria Lopez", Reason: "postage",
			Amount: 21_40, Note: "certified mail to 1423 Oak St", ApproverName: "Ben Okafor"}),
		"paid-in-safe": entry(t, cash.KindPaid, cash.Paid{Way: cash.In, Place: cash.PlaceSafe, Name: "Ben Okafor", Reason: "change fund from the bank", Amount: 1_000_00}),
		"change": entry(t, cash.KindChanged, cash.Changed{Session: "A1-S0001", Drawer: "1", Name: "Maria Lopez", With: cash.Safe, Give: cash.Count{{Value: 20_00, N: 1}},
			Get: cash.Count{{Value: 25, N: 80}}, Amount: 20_00, WitnessName: "Ana Ruiz"}),
		"surprise": entry(t, cash.KindSurprise, cash.Counted{Session: "A1-S0001", Drawer: "1", Name: "Maria Lopez", Counter: "Ed Wong", WitnessName: "Maria Lopez", Round: 1,
			Counted: pieces, Differences: differences, Over: -112_40, Missing: []cash.Item{check}, Rota: &cash.RotaKept{Drawn: 12, At: 1_795_475_000_000_000}}),
		"z-credit": entry(t, cash.KindDrawerClosed, cash.DrawerClosed{Z: 4, Session: "A1-S0003", Drawer: "1", Name: "Maria Lopez", Counted: pieces, Taken: 900_00, Returned: 53_30,
			Totals: cash.Totals{Float: 300_00, Payments: 4, Voids: 1, Reversals: 2, Reversed: 53_30, Tenders: []cash.TenderTotal{
				{Kind: cash.Cash, Count: 2, Taken: 231_00, Voided: 31_00, Net: 200_00}, {Kind: cash.CashiersCheck, Count: 1, Taken: 50_00, Net: 50_00},
				{Kind: cash.Credit, Count: 2, Taken: 25_00, Voided: 5_00, Net: 20_00}}}}),
		"rota": entry(t, cash.KindRotaListed, cash.RotaListed{By: "Ben Okafor", Source: "Cash handling procedure 2025, section 11", Lines: []cash.RotaLine{
			{Drawer: "1", Period: 20261001, Status: cash.RotaOK, Drawn: 12, At: 1_792_000_000_000_000, Counted: 340, Hours: 2},
			{Drawer: "2", Period: 20261001, Status: cash.RotaMissed, Drawn: 14, At: 1_792_400_000_000_000, Hours: 983},
			{Drawer: "1", Period: 20261101, Status: cash.RotaNow, Drawn: 402, At: 1_795_475_000_000_000, Hours: 1},
			{Drawer: "2", Period: 20261101, Status: cash.RotaWaiting, Drawn: 403}}}),
		"z-by-another": entry(t, cash.KindDrawerClosed, cash.DrawerClosed{Session: "A1-S0001", Drawer: "1", Name: "Maria Lopez", Z: 7, Counted: pieces, Counts: []uint64{4},
			Differences: differences, Over: -112_40, Missing: []cash.Item{check}, Reason: "missing check", Memo: "She was taken ill at noon.", Report: true,
			Tier: "Cash handling procedure 2025, section 7", ClosedBy: "Ruth Okafor", ApproverName: "Ben Okafor"}),
		"refund": entry(t, cash.KindRefunded, cash.Refunded{Drawer: "1", From: "A1-000007", Amount: 40_00, By: cash.RefundCash, Reason: "paid twice", Name: "Maria Lopez", ApproverName: "Ben Okafor"}),
		"adjustment": entry(t, cash.KindAdjusted, cash.Adjusted{Account: papertest.Garcia, Name: "GARCIA, MARIA E", Bucket: account.Penalties, Amount: -5_00, Before: 188_20,
			After: 183_20, Reason: "penalty waived", By: "Ana Ruiz", ApproverName: "Ben Okafor"}),
		"returned-check": entry(t, cash.KindReturned, cash.Returned{Receipt: "A1-000007-K7QX", Item: check, Reason: "insufficient funds", Account: papertest.Garcia, Name: "GARCIA, MARIA E", Service: "1423 OAK ST",
			Reopened: []cash.Part{{Account: papertest.Garcia, Amount: 100_00, Allocation: []cash.Allocated{{Bucket: account.Penalties, Amount: 5_00}, {Bucket: account.Current, Amount: 95_00}}}},
			Rank:     2, Fee: 35_00, NoChecksUntil: 20271123, AnswerBy: 20261223, Source: "California Civil Code, section 1719"}),
		"suspect": entry(t, cash.KindSuspect, cash.Suspect{Session: "A1-S0001", Name: "Maria Lopez", Value: 20_00, Serial: "MK 12345678 A", Account: papertest.Garcia, Note: "no watermark"}),
		"safe":    entry(t, safe.KindCounted, safe.Counted{Name: "Ben Okafor", WitnessName: "Ana Ruiz", Counted: pieces, Expected: 500_00, There: []string{"B-00417"}, Missing: []string{"B-00416"}}),
		"deposit": entry(t, safe.KindDeposit, safe.Deposit{No: "A1-D0012", Name: "First Valley Bank", Account: "ending 4410", Bag: "D-00031", Count: pieces, Expected: 500_00, Total: 600_00,
			Amounts: []safe.Amount{{Kind: cash.Cash, Amount: 500_00}, {Kind: cash.Check, Amount: 100_00}}, Checks: []cash.Item{check}, By: "Ben Okafor", WitnessName: "Ana Ruiz",
			Parts: []safe.Waiting{{ID: "B-00417", Bag: true, Amounts: []safe.Amount{{Kind: cash.Cash, Amount: 500_00}}}, {ID: "A1-S0001", Amounts: []safe.Amount{{Kind: cash.Check, Amount: 100_00}}}}}),
	}
}

func TestPapersReadAsTheyShould(t *testing.T) {
	for _, training := range []bool{false, true} {
		var papers []sample
		// In a bubble the ids of commands, which begin with the time, are always
		// the same, and so are the hashes on the papers.
		synctest.Test(t, func(t *testing.T) { papers = day(t, training) })
		for _, p := range papers {
			for _, columns := range []int{32, 42} {
				name := fmt.Sprintf("%s-%d.txt", p.name, columns)
				if training {
					if columns != 42 || p.name != "receipt" && p.name != "z-report" {
						continue
					}
					name = "training-" + name
				}
				golden(t, name, escpos.PlainText(p.doc, columns))
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s reads\n%s\nwant\n%s", name, got, want)
	}
}

// Every paper is printed by every printer, through its own bytes, and says the
// same as the text form, to the end mark.
func TestPapersPrintOnEveryPrinter(t *testing.T) {
	// The sheets that are put in by hand are put in by the spooler's tests.
	all := slices.DeleteFunc(day(t, false), func(p sample) bool { return p.doc.Sheet.ByHand() })
	for _, profile := range escpos.Profiles() {
		printer := emulator.New(emulator.Config{Profile: profile, Clock: link.WallClock{}})
		line, err := printer.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		var all42 strings.Builder
		for _, p := range all {
			segments, err := escpos.Encode(p.doc, profile)
			if err != nil {
				t.Fatalf("%s on %s: %v", p.name, profile.Name, err)
			}
			for _, s := range segments {
				if _, err := line.Write(s.Data); err != nil {
					t.Fatal(err)
				}
				if err := printer.WaitIdle(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
		}
		pieces := printer.Pieces()
		for _, piece := range pieces {
			all42.WriteString(piece.Text())
			save(t, profile.Name, piece)
		}
		all42.WriteString(printer.Unfinished().Text())
		if got := strings.Count(all42.String(), "END A1-"); got != len(all) {
			t.Errorf("%s: %d end marks, want %d", profile.Name, got, len(all))
		}
		if profile.Cutter && len(pieces) != len(all) {
			t.Errorf("%s: %d pieces, want %d", profile.Name, len(pieces), len(all))
		}
		if st := printer.State(); st.Dropped+st.Unknown+st.Unsupported != 0 {
			t.Errorf("%s: %+v", profile.Name, st)
		}
		if err := printer.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// save keeps pictures where PAPER_PICTURES says, to be looked at.
func save(t *testing.T, profile string, piece emulator.Piece) {
	dir := os.Getenv("PAPER_PICTURES")
	if dir == "" {
		return
	}
	png, err := piece.PNG()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%02d.png", profile, piece.Number)), png, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestThePaperIsMadeFromTheEntryAlone(t *testing.T) {
	d := papertest.Open(t, papertest.Options{})
	d.Morning()
	e := d.PayCash(papertest.Garcia, 188_20)
	l, s := layouts(t), sheet(t, d)
	before, err := l.Document(s, &e, paper.Copy{})
	if err != nil {
		t.Fatal(err)
	}
	d.PayCash(papertest.Garcia, 10_00)
	stored, err := ledger.DecodeEntry(e.Raw)
	if err != nil {
		t.Fatal(err)
	}
	after, err := l.Document(s, &stored, paper.Copy{})
	if err != nil {
		t.Fatal(err)
	}
	if escpos.PlainText(before, 42) != escpos.PlainText(after, 42) {
		t.Error("a later payment changed an earlier receipt")
	}
}

func TestTheCodeOnTheReceiptIsProved(t *testing.T) {
	d := papertest.Open(t, papertest.Options{})
	d.Morning()
	e := d.PayCash(papertest.Garcia, 188_20)
	doc, err := layouts(t).Document(sheet(t, d), &e, paper.Copy{})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range doc.Items {
		if code, ok := item.(escpos.QR); ok {
			got, err := receiptcode.Check(code.Text, d.Book.Identity().Key)
			if err != nil || got.Number() != e.ReceiptNo("A1") || got.Total != 188_20 || got.Seq != e.Seq || got.Taken != 188_20 {
				t.Errorf("%+v, %v", got, err)
			}
			return
		}
	}
	t.Error("there is no code on the receipt")
}

// The code on a Z report names the entry that closed the drawer, and how far the log had come.
func TestTheCodeOnTheZReportIsProved(t *testing.T) {
	d := papertest.Open(t, papertest.Options{})
	d.Morning()
	d.PayCash(papertest.Garcia, 188_20)
	e := d.CloseCounted(cash.CountDrawer{Count: cash.Count{{Value: 100_00, N: 4}, {Value: 20_00, N: 4}, {Value: 5_00, N: 1}, {Value: 1_00, N: 3}, {Value: 5, N: 4}}})
	doc, err := layouts(t).Document(sheet(t, d), &e, paper.Copy{})
	if err != nil {
		t.Fatal(err)
	}
	codes := codesOn(doc)
	if len(codes) != 1 {
		t.Fatalf("%d codes", len(codes))
	}
	got, err := receiptcode.Check(codes[0], d.Book.Identity().Key)
	if err != nil || got.Deed != receiptcode.Close || got.Seq != e.Seq || got.Receipt != 1 || got.Taken != 188_20 || got.Total != 488_20 ||
		got.Leaf != [16]byte(e.Leaf[:16]) || got.Number() != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestACopySaysSoAtTopAndBottom(t *testing.T) {
	d := papertest.Open(t, papertest.Options{})
	d.Morning()
	e := d.PayCash(papertest.Garcia, 188_20)
	for _, c := range []struct {
		copy paper.Copy
		want int
		also string
	}{
		{paper.Copy{}, 0, ""},
		{paper.Copy{N: 1}, 2, "Copy - not a valid receipt"},
		{paper.Copy{N: 3, Doubt: true}, 2, "REPRINT - original may exist"},
	} {
		doc, err := layouts(t).Document(sheet(t, d), &e, c.copy)
		if err != nil {
			t.Fatal(err)
		}
		text := escpos.PlainText(doc, 42)
		if got := strings.Count(text, fmt.Sprintf("DUPLICATE - COPY %d", c.copy.N)); got != c.want {
			t.Errorf("%+v: says it is a copy %d times, want %d", c.copy, got, c.want)
		}
		if strings.Count(text, c.also) < c.want {
			t.Errorf("%+v: does not say %q", c.copy, c.also)
		}
	}
}

func TestTrainingIsVisibleOnEveryStrip(t *testing.T) {
	for _, p := range day(t, true) {
		lines := strings.Split(escpos.PlainText(p.doc, 42), "\n")
		quiet := 0
		for _, l := range lines {
			quiet++
			if strings.Contains(l, "TRAINING") {
				quiet = 0
			}
			if quiet > 16 {
				t.Errorf("%s: %d lines without TRAINING", p.name, quiet)
				break
			}
		}
	}
}

func TestNoTwoLayoutsForOneKind(t *testing.T) {
	twice := append(paper.CashLayouts(), paper.CashLayouts()[0])
	if _, err := paper.NewLayouts(twice...); err == nil {
		t.Error("two layouts for one kind were accepted")
	}
	l := layouts(t)
	if _, err := l.Document(paper.Sheet{}, &ledger.Entry{Seq: 1, Kind: "staff.signed_in.v1"}, paper.Copy{}); err == nil {
		t.Error("a paper for an entry that has none")
	}
}

// The longest names, amounts and lists still fit the narrowest paper.
func TestTheLargestPaymentFits(t *testing.T) {
	d := papertest.Open(t, papertest.Options{})
	s := sheet(t, d)
	long := strings.Repeat("Wörterbuch und sehr lange Namen ", 4)
	body := cash.Payment{Session: "KIOSK2XX-S9999", Drawer: "1", Cashier: long, Total: ledger.MaxAmount, Change: ledger.MaxAmount, Rule: long[:40], Offline: true}
	for i := range 12 {
		body.Parts = append(body.Parts, cash.Part{Account: account.No(fmt.Sprintf("%032d", i)), Name: long, Service: long,
			Amount: ledger.MaxAmount, Before: ledger.MaxAmount, After: -ledger.MaxAmount,
			Allocation: []cash.Allocated{{Bucket: account.PastDue, Amount: ledger.MaxAmount}, {Bucket: account.Credit, Amount: ledger.MaxAmount}}})
	}
	for range 10 {
		body.Tenders = append(body.Tenders, cash.Tender{Kind: cash.Card, Amount: ledger.MaxAmount, Reference: long[:40], LastFour: "4242"})
	}
	packed, err := ledger.Pack(body)
	if err != nil {
		t.Fatal(err)
	}
	e := ledger.Entry{Seq: 99_999_999, Receipt: 9_999_999, Kind: cash.KindPayment, Body: packed, Date: 20261123}
	s.Station = "KIOSK2XX"
	doc, err := layouts(t).Document(s, &e, paper.Copy{N: 99, Doubt: true, By: long})
	if err != nil {
		t.Fatal(err)
	}
	for _, profile := range escpos.Profiles() {
		if _, err := escpos.Encode(doc, profile); err != nil {
			t.Errorf("%s: %v", profile.Name, err)
		}
	}
}

// What is at the top of a paper is looked up when the paper is laid out, since another printer may be there
// by then.
func TestTheLogoIsThatOfThePrinterThatIsThere(t *testing.T) {
	d := papertest.Open(t, papertest.Options{})
	s, l := sheet(t, d), layouts(t)
	e := d.Morning()
	own := s.Logo
	keeps := true
	s.LogoNow = func() (*escpos.Bitmap, escpos.LogoKey) {
		if keeps {
			return own, escpos.LogoKey{'G', 'H'}
		}
		return nil, escpos.LogoKey{}
	}
	for _, c := range []struct {
		keeps bool
		want  []escpos.LogoKey
	}{{true, []escpos.LogoKey{{'G', 'H'}}}, {false, nil}} {
		keeps = c.keeps
		doc, err := l.Document(s, &e, paper.Copy{})
		if err != nil {
			t.Fatal(err)
		}
		var got []escpos.LogoKey
		for _, item := range doc.Items {
			if logo, ok := item.(escpos.Logo); ok {
				got = append(got, logo.Key)
			}
		}
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("kept %v: logos %v", c.keeps, got)
		}
	}
}
