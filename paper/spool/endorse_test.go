package spool_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

func endorsing(p *desk.Policy) {
	for i := range p.Cash.Tenders {
		p.Cash.Tenders[i].Endorse = p.Cash.Tenders[i].Kind == cash.Check
	}
	p.Cash.Endorsement = []string{"First Bank of Alder Creek"}
}

// check pays with a check, and returns the payment.
func (o *office) check(number string) ledger.Entry {
	return o.desk.Do(cash.TakePayment{Pay: []cash.Pay{{Account: papertest.Garcia, Amount: 20_00}},
		Tenders: []cash.Tender{{Kind: cash.Check, Number: number, Amount: 20_00}}})
}

func (o *office) awaited(what string) {
	o.t.Helper()
	o.until(what, func(s spool.State) bool { return s.Printer.Form == printer.FormAwaited })
}

func TestEachCheckIsEndorsedOnceAfterItsReceipt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-H6000V")
		o.policy = endorsing
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		for _, number := range []string{"1045", "1046"} {
			e := o.check(number)
			o.awaited("the check is asked for")
			o.em.InsertCheck()
			o.idle()
			if p := o.proof(e.Seq + 1); p != spool.Confirmed {
				t.Errorf("proof of the endorsement %q", p)
			}
			o.em.RemoveForm()
		}
		forms := o.em.Forms()
		if len(forms) != 2 {
			t.Fatalf("%d checks were printed on", len(forms))
		}
		for i, number := range []string{"1045", "1046"} {
			for _, want := range []string{"FOR DEPOSIT ONLY", "Millbrook Water District", "First Bank of Alder Creek", "Check " + number, "$20.00"} {
				if n := strings.Count(forms[i].Back.Text(), want); n != 1 {
					t.Errorf("check %s has %q %d times:\n%s", number, want, n, forms[i].Back.Text())
				}
			}
		}
	})
}

func TestACheckThatIsNotPutInHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-H6000V")
		o.policy = endorsing
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		o.check("1045")
		o.awaited("the check is asked for")
		next := o.desk.PayCash(papertest.Garcia, 10_00)
		s := o.idle()
		if no := string(next.ReceiptNo("A1")); count(o.roll(), no).ends != 1 {
			t.Errorf("the next receipt %s is not out:\n%s", no, o.roll())
		}
		if s.OfferedCount != 1 || s.Offered[0].Title != "Endorsement" || !strings.Contains(s.Offered[0].Cause, "not put in") {
			t.Fatalf("offered: %+v", s.Offered)
		}
		// Somebody finds the time.
		o.desk.Do(spool.ReleaseCommand{Of: s.Offered[0].Of})
		o.awaited("the check is asked for again")
		o.em.InsertCheck()
		o.idle()
		o.em.RemoveForm()
		if forms := o.em.Forms(); len(forms) != 1 || !strings.Contains(forms[0].Back.Text(), "Check 1045") {
			t.Errorf("%d checks were printed on", len(forms))
		}
	})
}

func TestAPrinterThatCannotEndorseSaysSoOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		o.policy = endorsing
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		var last ledger.Entry
		for _, number := range []string{"1045", "1046", "1047"} {
			last = o.check(number)
		}
		s := o.until("the receipts are out", func(s spool.State) bool {
			return s.Printing == nil && s.WaitingCount == 0
		})
		if count(o.roll(), string(last.ReceiptNo("A1"))).ends != 1 || strings.Contains(o.roll(), "DEPOSIT ONLY") {
			t.Errorf("on the roll:\n%s", o.roll())
		}
		if s.OfferedCount != 0 || len(s.Questions) != 0 || strings.Join(s.Unable, ", ") != "Endorsement" {
			t.Errorf("offered %d, asked %d, unable %v", s.OfferedCount, len(s.Questions), s.Unable)
		}
	})
}
