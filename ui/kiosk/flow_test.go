package kiosk_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk/visit"
	"gatehouse/ledger"
	"gatehouse/ui/kiosk"
)

// signIn are the events of somebody who visits.
func signIn(name, company, whom string) []kiosk.Event {
	return []kiosk.Event{kiosk.Open{Page: kiosk.Name}, kiosk.Typed{Text: name}, kiosk.Next{},
		kiosk.Typed{Text: company}, kiosk.Next{}, kiosk.Chose{ID: whom}}
}

func signOut(number string) []kiosk.Event {
	return []kiosk.Event{kiosk.Open{Page: kiosk.Leaving}, kiosk.Typed{Text: number}, kiosk.Next{}}
}

func staffCorner(pin string) []kiosk.Event {
	return []kiosk.Event{kiosk.Open{Page: kiosk.StaffWho}, kiosk.Typed{Text: "maria"}, kiosk.Next{}, kiosk.Typed{Text: pin}, kiosk.Next{}}
}

func TestANumberInTwoTouchesWithoutAName(t *testing.T) {
	v := newVisitor(t)
	m := v.does(kiosk.Open{Page: kiosk.Services}, kiosk.Chose{ID: "bill"})
	if m.Page != kiosk.Number || m.Number != "B001" || !m.Paper {
		t.Errorf("got %+v", m)
	}
	v.wrote(visit.KindTicket)
}

func TestWithOneServiceTheDoorGivesTheNumber(t *testing.T) {
	v := newVisitor(t)
	one := v.Visit.Policy
	one.Services = one.Services[:1]
	v.flow = kiosk.NewFlow(kiosk.FlowDeps{Policy: one, Printer: v.printer, Now: v.clock, NewID: v.NewID})
	if m := v.does(kiosk.Open{Page: kiosk.Services}); m.Number != "B001" {
		t.Errorf("got %+v", m)
	}
}

func TestVisitingSomeone(t *testing.T) {
	v := newVisitor(t)
	m := v.does(signIn("Ana Ríos", "Pipes & Co", "engineering")...)
	if m.Page != kiosk.Badge || m.Number != "V001" || m.Whom != "engineering" || !m.Escorted {
		t.Errorf("got %+v", m)
	}
	if m = v.does(kiosk.Next{}); m.Page != kiosk.Doors {
		t.Errorf("after Done: %s", m.Page)
	}
	if m = v.does(signOut("1")...); m.Page != kiosk.Left {
		t.Errorf("signing out: %+v", m)
	}
	v.wrote(visit.KindSignedIn, visit.KindSignedOut)
}

func TestARefusalKeepsWhatWasTyped(t *testing.T) {
	long := strings.Repeat("x", visit.MaxName+1)
	for _, c := range []struct {
		name   string
		events []kiosk.Event
		page   kiosk.Page
		typed  string
		code   string
	}{
		{"no name", []kiosk.Event{kiosk.Open{Page: kiosk.Name}, kiosk.Next{}}, kiosk.Name, "", "visit.name_needed"},
		{"a long name", []kiosk.Event{kiosk.Open{Page: kiosk.Name}, kiosk.Typed{Text: long}, kiosk.Next{}}, kiosk.Name, long, "visit.too_long"},
		{"a long company", signIn("Ana", long, "board")[:5], kiosk.Company, long, "visit.too_long"},
		{"a badge nobody wears", signOut("7"), kiosk.Leaving, "7", "visit.not_here"},
		{"no badge number", signOut(""), kiosk.Leaving, "", "visit.not_a_number"},
		{"a wrong PIN is wiped", staffCorner("1111"), kiosk.StaffPIN, "", "staff.wrong_pin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newVisitor(t).does(c.events...)
			if m.Page != c.page || m.Typed != c.typed || m.Problem == nil || m.Problem.Code != c.code || m.Busy {
				t.Errorf("got %+v, problem %+v", m, m.Problem)
			}
		})
	}
}

func TestTypingTakesARefusalBack(t *testing.T) {
	v := newVisitor(t)
	if m := v.does(kiosk.Open{Page: kiosk.Name}, kiosk.Next{}, kiosk.Typed{Text: "A"}); m.Problem != nil {
		t.Errorf("still refused: %+v", m.Problem)
	}
}

func TestAFaultOfTheDiskKeepsWhatWasTypedAndTheOrder(t *testing.T) {
	v := newVisitor(t)
	v.broken = ledger.ErrNotStored
	m := v.does(signIn("Ana", "", "board")...)
	if m.Page != kiosk.Whom || m.Problem == nil || m.Problem.Code != kiosk.Fault {
		t.Fatalf("got %+v", m)
	}
	v.broken = nil
	if m = v.does(kiosk.Chose{ID: "board"}); m.Page != kiosk.Badge {
		t.Fatalf("tried again: %+v", m)
	}
	if v.orders[0].ID != v.orders[1].ID {
		t.Error("one visit was two orders")
	}
	v.wrote(visit.KindSignedIn)
}

func TestBackKeepsWhatWasTyped(t *testing.T) {
	v := newVisitor(t)
	m := v.does(append(signIn("Ana", "Pipes", "")[:5], kiosk.Back{}, kiosk.Back{})...)
	if m.Page != kiosk.Name || m.Typed != "Ana" {
		t.Errorf("got %s with %q", m.Page, m.Typed)
	}
	if m = v.does(kiosk.Next{}); m.Typed != "Pipes" {
		t.Errorf("forward again: %q", m.Typed)
	}
	if m = v.does(kiosk.Back{}, kiosk.Back{}); m.Page != kiosk.Doors {
		t.Errorf("back from the first page: %s", m.Page)
	}
}

func TestTheLanguageChangesAtAnyMomentAndNothingElse(t *testing.T) {
	v := newVisitor(t)
	m := v.does(append(signIn("Ana", "Pipes", "")[:5], kiosk.Turn{By: 1}, kiosk.Speak{Language: "es"})...)
	if m.Language != "es" || m.Page != kiosk.Whom || m.Choices[0].Name != "Gerencia general" || !m.Earlier || m.Later {
		t.Errorf("got %+v", m)
	}
	m = v.does(kiosk.Chose{ID: "board"})
	if v.orders[0].Do.(visit.SignIn).Language != "es" || m.Language != "es" {
		t.Error("the badge is not in the visitor's language")
	}
}

func TestHelpReturnsWhereItWasAsked(t *testing.T) {
	v := newVisitor(t)
	m := v.does(append(signIn("Ana", "Pipes", "")[:4], kiosk.AskHelp{}, kiosk.AskHelp{}, kiosk.Back{})...)
	if m.Page != kiosk.Company || m.Typed != "Pipes" {
		t.Errorf("got %s with %q", m.Page, m.Typed)
	}
}

func TestTheListsHavePagesOfSix(t *testing.T) {
	v := newVisitor(t)
	m := v.does(signIn("Ana", "", "")[:5]...)
	if len(m.Choices) != 6 || m.Earlier || !m.Later {
		t.Errorf("first page: %+v", m)
	}
	if m = v.does(kiosk.Turn{By: 1}, kiosk.Turn{By: 1}); len(m.Choices) != 2 || !m.Earlier || m.Later {
		t.Errorf("last page: %+v", m)
	}
	if m = v.does(kiosk.Turn{By: -1}, kiosk.Turn{By: -1}); len(m.Choices) != 6 || m.Earlier {
		t.Errorf("back to the first: %+v", m)
	}
}

func TestTheTimesOfAVisit(t *testing.T) {
	typing := signIn("Ana", "", "")[:2]
	spanish := append(typing[:2:2], kiosk.Speak{Language: "es"}, kiosk.Reach{})
	for _, c := range []struct {
		name    string
		events  []kiosk.Event
		wait    time.Duration
		page    kiosk.Page
		warning int
	}{
		{"59 s without a touch", typing, 59 * time.Second, kiosk.Name, 0},
		{"a minute", typing, 60 * time.Second, kiosk.Name, 30},
		{"nearly too long", typing, 89 * time.Second, kiosk.Name, 1},
		{"too long", spanish, 90 * time.Second, kiosk.Doors, 0},
		{"a number, nearly 20 s", []kiosk.Event{kiosk.Open{Page: kiosk.Services}, kiosk.Chose{ID: "bill"}}, 19 * time.Second, kiosk.Number, 0},
		{"a number, 20 s", []kiosk.Event{kiosk.Open{Page: kiosk.Services}, kiosk.Chose{ID: "bill"}}, 20 * time.Second, kiosk.Doors, 0},
		{"a badge, 20 s", signIn("Ana", "", "board"), 20 * time.Second, kiosk.Doors, 0},
		{"the staff's list too", staffCorner("2468"), 90 * time.Second, kiosk.Doors, 0},
		{"Spanish left on at the doors", []kiosk.Event{kiosk.Speak{Language: "es"}, kiosk.Reach{}}, 60 * time.Second, kiosk.Doors, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := newVisitor(t)
			v.does(c.events...)
			m := v.waits(c.wait)
			if m.Page != c.page || m.Warning != c.warning {
				t.Errorf("got %s, warning %d; want %s, %d", m.Page, m.Warning, c.page, c.warning)
			}
			if m.Page == kiosk.Doors && !reflect.DeepEqual(m, kiosk.Model{Page: kiosk.Doors, Language: "en", Paper: true}) {
				t.Errorf("not wiped: %+v", m)
			}
		})
	}
}

func TestMoreTimeAsOftenAsWanted(t *testing.T) {
	v := newVisitor(t)
	v.does(signIn("Ana", "", "")[:2]...)
	for range 20 {
		if m := v.waits(85 * time.Second); m.Warning != 5 {
			t.Fatalf("warning %d", m.Warning)
		}
		if m := v.does(kiosk.Stay{}); m.Warning != 0 || m.Typed != "Ana" {
			t.Fatalf("after more time: %+v", m)
		}
	}
}

func TestEveryKeyIsATouch(t *testing.T) {
	v := newVisitor(t)
	v.does(kiosk.Open{Page: kiosk.Name})
	for range 10 {
		v.waits(50 * time.Second)
		v.does(kiosk.Typed{Text: "Ana"})
	}
	if m := v.flow.Model(); m.Page != kiosk.Name || m.Warning != 0 {
		t.Errorf("got %+v", m)
	}
}

func TestAClockSetBackEndsNoVisitAndHoldsNone(t *testing.T) {
	v := newVisitor(t)
	v.does(signIn("Ana", "", "")[:2]...)
	v.now = v.now.Add(-24 * time.Hour)
	if m := v.waits(59 * time.Second); m.Typed != "Ana" || m.Warning != 0 {
		t.Errorf("ended: %+v", m)
	}
	if m := v.waits(31 * time.Second); m.Page != kiosk.Name || m.Warning == 0 {
		t.Errorf("no warning: %+v", m)
	}
	if m := v.waits(30 * time.Second); m.Page != kiosk.Doors {
		t.Errorf("held: %+v", m)
	}
}

func TestNumbersGoOnWithoutPaper(t *testing.T) {
	v := newVisitor(t)
	v.printer.ready = false
	m := v.does(kiosk.Open{Page: kiosk.Services}, kiosk.Chose{ID: "bill"})
	if m.Number != "B001" || m.Paper {
		t.Errorf("got %+v", m)
	}
}

func TestTheStaffCorner(t *testing.T) {
	v := newVisitor(t)
	v.does(append(signIn("Ana", "", "board"), kiosk.Next{})...)
	m := v.does(staffCorner("2468")...)
	if m.Page != kiosk.List || len(m.Here) != 1 || m.Here[0].Name != "Ana" {
		t.Fatalf("got %+v", m)
	}
	if m = v.does(kiosk.Print{}); !m.Printed || m.Problem != nil {
		t.Errorf("print: %+v, %+v", m, m.Problem)
	}
	if m = v.does(kiosk.StartOver{}); m.Page != kiosk.Doors || m.Here != nil {
		t.Errorf("left: %+v", m)
	}
	v.wrote(visit.KindSignedIn, "staff.signed_in.v1", visit.KindListPrinted, "staff.signed_out.v1")
}

func TestWhoWalksAwayFromThePINIsSignedOut(t *testing.T) {
	v := newVisitor(t)
	events := staffCorner("2468")
	v.does(events[:4]...)
	slow := v.flow.Handle(kiosk.Next{}) // the PIN is being checked
	v.does(kiosk.StartOver{})
	v.run(slow)
	if m := v.flow.Model(); m.Page != kiosk.Doors || m.Here != nil {
		t.Errorf("got %+v", m)
	}
	v.wrote("staff.signed_in.v1", "staff.signed_out.v1")
}

func TestALateListIsShownToNobody(t *testing.T) {
	v := newVisitor(t)
	v.does(staffCorner("2468")...)
	v.does(kiosk.StartOver{}, kiosk.Listed{Here: []visit.Present{{}}})
	if m := v.flow.Model(); m.Here != nil {
		t.Errorf("got %+v", m)
	}
	v.does(kiosk.Listed{Err: errors.New("late")})
	if m := v.flow.Model(); m.Problem != nil {
		t.Errorf("got %+v", m.Problem)
	}
}

func TestWhileAnOrderIsOnItsWayASecondTouchDoesNothing(t *testing.T) {
	v := newVisitor(t)
	v.does(kiosk.Open{Page: kiosk.Services})
	first := v.flow.Handle(kiosk.Chose{ID: "bill"})
	if more := v.flow.Handle(kiosk.Chose{ID: "bill"}); len(first) != 1 || len(more) != 0 {
		t.Errorf("%d orders, then %d", len(first), len(more))
	}
}

// Whatever visitors do, after a wipe the kiosk is as new: nothing of one visitor
// is there for the next.
func TestNothingIsLeftForTheNextVisitor(t *testing.T) {
	v := newVisitor(t)
	fresh := kiosk.Model{Page: kiosk.Doors, Language: "en", Paper: true}
	rapid.Check(t, func(t *rapid.T) {
		pages := []kiosk.Page{kiosk.Services, kiosk.Name, kiosk.Leaving, kiosk.StaffWho}
		for range rapid.IntRange(1, 25).Draw(t, "touches") {
			v.does(rapid.OneOf(
				rapid.Map(rapid.SampledFrom(pages), func(p kiosk.Page) kiosk.Event { return kiosk.Open{Page: p} }),
				rapid.Map(rapid.SampledFrom([]string{"Ana Ríos", "1", "maria", "2468", ""}), func(s string) kiosk.Event { return kiosk.Typed{Text: s} }),
				rapid.Map(rapid.SampledFrom([]string{"bill", "board"}), func(s string) kiosk.Event { return kiosk.Chose{ID: s} }),
				rapid.SampledFrom([]kiosk.Event{kiosk.Next{}, kiosk.Next{}, kiosk.Back{}, kiosk.AskHelp{}, kiosk.Reach{}, kiosk.Print{},
					kiosk.Turn{By: 1}, kiosk.Speak{Language: "es"}, kiosk.Stay{}, kiosk.Tick{}}),
			).Draw(t, "touch"))
		}
		if rapid.Bool().Draw(t, "walks away") {
			v.waits(90 * time.Second)
		} else {
			v.does(kiosk.StartOver{})
		}
		if m := v.flow.Model(); !reflect.DeepEqual(m, fresh) {
			t.Fatalf("left behind: %+v", m)
		}
		// What the next one begins is empty too.
		if m := v.does(kiosk.Open{Page: kiosk.Name}); m.Typed != "" {
			t.Fatalf("the name of the one before: %q", m.Typed)
		}
		if m := v.does(kiosk.StartOver{}, kiosk.Open{Page: kiosk.Leaving}); m.Typed != "" {
			t.Fatalf("the number of the one before: %q", m.Typed)
		}
		v.does(kiosk.StartOver{})
	})
}
