package kiosk_test

import (
	"testing"
	"time"

	"gatehouse/ui/kiosk"
)

// Whatever is scanned on whatever page, nothing of it is typed and no Enter or Tab
// of the scanner leads on.
func TestAScanLeavesNothingAtTheKiosk(t *testing.T) {
	for name, reach := range map[kiosk.Page]func(*stand){
		kiosk.Doors:    func(*stand) {},
		kiosk.Name:     func(s *stand) { s.Tap("Visit someone") },
		kiosk.Leaving:  func(s *stand) { s.Tap("Sign out") },
		kiosk.StaffWho: func(s *stand) { s.hold(5 * time.Second) },
	} {
		for _, text := range []string{"0123456000018820261130", "A1-000123-K7QX"} {
			for way, scan := range map[string]func(*stand){"Enter": func(s *stand) { s.Scan(text) }, "Tab": func(s *stand) { s.ScanTab(text) }} {
				t.Run(string(name)+", "+text+", ended by "+way, func(t *testing.T) {
					s := newStand(t, kinds()[0])
					reach(s)
					scan(s)
					if m := s.screen.Model(); m.Page != name || m.Typed != "" || m.Problem != nil {
						t.Errorf("on the page %q with %q typed, problem %+v", m.Page, m.Typed, m.Problem)
					}
				})
			}
		}
	}
}

// A name has no digits: however fast it came, it was typed.
func TestANameTypedInOneGoIsNoScan(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.Tap("Visit someone")
	s.Scan("ANNA BERG")
	if m := s.screen.Model(); m.Page != kiosk.Company {
		t.Errorf("on the page %q with %q", m.Page, m.Typed)
	}
}

// Who shows a badge to the scanner leaves: at the doors, and where its number is
// typed. Elsewhere a badge does nothing.
func TestABadgeThatIsScannedSignsOut(t *testing.T) {
	for _, at := range []kiosk.Page{kiosk.Doors, kiosk.Leaving} {
		v := newVisitor(t)
		v.does(signIn("Ana", "", "engineering")...)
		v.does(kiosk.Next{})
		if at == kiosk.Leaving {
			v.does(kiosk.Open{Page: kiosk.Leaving})
		}
		if m := v.does(kiosk.Scanned{Text: "V001"}); m.Page != kiosk.Left {
			t.Errorf("scanned on the page %q: %+v", at, m)
		}
	}
	v := newVisitor(t)
	if m := v.does(kiosk.Open{Page: kiosk.Name}, kiosk.Scanned{Text: "V001"}); m.Page != kiosk.Name || m.Typed != "" {
		t.Errorf("scanned where a name is typed: %+v", m)
	}
	if m := v.does(kiosk.StartOver{}, kiosk.Scanned{Text: "V009"}); m.Page != kiosk.Leaving || m.Problem == nil || m.Problem.Code != "visit.not_here" {
		t.Errorf("a badge nobody wears: %+v", m)
	}
}
