package paper_test

import (
	"image"
	"slices"
	"strings"
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/papertest"
)

// lobbyPolicy is a lobby in six languages.
func lobbyPolicy(p *desk.Policy) {
	names := map[visit.Language]string{
		"en": "Pay a bill", "es": "Pagar una factura", "zh": "支付账单", "tl": "Magbayad ng bill", "vi": "Trả hóa đơn", "ko": "요금 납부"}
	p.Staff.Rights[staff.Kiosk] = []staff.Right{staff.Receive}
	p.Visit = visit.Policy{
		Languages:   []visit.Language{"en", "es", "zh", "tl", "vi", "ko"},
		Letters:     []visit.Letters{{Station: "A1", Badge: "V", Service: map[string]string{"bill": "B"}}},
		Services:    []visit.Service{{ID: "bill", Names: names}},
		Departments: []visit.Department{{ID: "office", Names: names, Escort: true}},
	}
}

// printed sends a document to an emulated printer and returns what is on the paper.
func printed(t *testing.T, doc *escpos.Doc, profile escpos.Profile) emulator.Piece {
	t.Helper()
	printer := emulator.New(emulator.Config{Profile: profile, Clock: link.WallClock{}})
	defer printer.Close()
	line, err := printer.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	segments, err := escpos.Encode(doc, profile)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range segments {
		if _, err := line.Write(s.Data); err != nil {
			t.Fatal(err)
		}
		if err := printer.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	pieces := printer.Pieces()
	if st := printer.State(); len(pieces) != 1 || st.Dropped+st.Unknown+st.Unsupported != 0 {
		t.Fatalf("%d pieces, state %+v", len(pieces), st)
	}
	return pieces[0]
}

// inTheMiddle reports whether the dots of b are in the middle of the paper at some height. A printer puts
// whole bytes in the middle, so that it may be some dots off.
func inTheMiddle(paper *image.Gray, b *escpos.Bitmap) bool {
	middle := (paper.Rect.Dx() - b.Width()) / 2
	at := func(left, top int) bool {
		for y := range b.Height() {
			for x := range b.Width() {
				if b.Black(x, y) != (paper.GrayAt(left+x, top+y).Y == 0) {
					return false
				}
			}
		}
		return true
	}
	for top := range paper.Rect.Dy() - b.Height() {
		for left := middle - 5; left <= middle+5; left++ {
			if at(left, top) {
				return true
			}
		}
	}
	return false
}

// A visitor takes a number at the kiosk, and reads the ticket in the language that was chosen there: from
// the order to the dots on the paper.
func TestATicketIsInTheVisitorsLanguage(t *testing.T) {
	d := papertest.Open(t, papertest.Options{Kiosk: true, Policy: lobbyPolicy})
	l, s := layouts(t), sheet(t, d)
	profile, _ := escpos.ProfileNamed("TM-T88VI")
	ticket := func(lang visit.Language) *escpos.Doc {
		entries, err := d.Try(desk.Order{By: desk.KioskActor, Do: visit.TakeTicket{Service: "bill", Language: lang}})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(entries, func(e ledger.Entry) bool { return e.Kind == visit.KindTicket })
		doc, err := l.Document(s, &entries[i], paper.Copy{})
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	for lang, lines := range map[visit.Language]map[string]escpos.Style{
		"zh": {"请等候叫到您的号码。": {}, "支付账单": {Bold: true}},
		"vi": {"Vui lòng chờ đến khi số của quý vị được": {}, "gọi.": {}, "Trả hóa đơn": {Bold: true}},
		"ko": {"번호가 불릴 때까지 기다려 주십시오.": {}, "요금 납부": {Bold: true}},
	} {
		piece := printed(t, ticket(lang), profile)
		save(t, "ticket-"+string(lang), piece)
		img := piece.Image()
		for line, st := range lines {
			if !inTheMiddle(img, escpos.DrawLine(line, st)) {
				t.Errorf("%s: %q is not on the paper", lang, line)
			}
		}
		if inTheMiddle(img, escpos.DrawLine("请等候叫到您的号码！", escpos.Style{})) {
			t.Errorf("%s: what was not printed is found on the paper", lang)
		}
	}
	piece := printed(t, ticket("tl"), profile)
	for _, line := range []string{"Mangyaring maghintay hanggang tawagin ang\n", "inyong numero.\n", "Magbayad ng bill\n"} {
		if text := piece.Text(); !strings.Contains(text, line) {
			t.Errorf("tl: %q is not in\n%s", line, text)
		}
	}
}

// Badges say on one line of the narrowest paper, at double size, that a visitor must not go alone.
func TestSignsFitTheNarrowestPaper(t *testing.T) {
	d := papertest.Open(t, papertest.Options{Kiosk: true, Policy: lobbyPolicy})
	l, s := layouts(t), sheet(t, d)
	for lang, signs := range map[visit.Language][]string{
		"en": {"VISITOR", "ESCORT REQUIRED"}, "es": {"VISITANTE", "SÓLO ACOMPAÑADO"}, "zh": {"访客", "须有人陪同"},
		"tl": {"BISITA", "DAPAT MAY KASAMA"}, "vi": {"KHÁCH", "CẦN NGƯỜI ĐI KÈM"}, "ko": {"방문자", "동행 필수"},
	} {
		entries, err := d.Try(desk.Order{By: desk.KioskActor, Do: visit.SignIn{Name: "Ana", Whom: "office", Language: lang}})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(entries, func(e ledger.Entry) bool { return e.Kind == visit.KindSignedIn })
		doc, err := l.Document(s, &entries[i], paper.Copy{})
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(escpos.PlainText(doc, 32), "\n")
		for _, sign := range signs {
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) == sign }) {
				t.Errorf("%s: %q has no line of its own in\n%s", lang, sign, strings.Join(lines, "\n"))
			}
		}
	}
}
