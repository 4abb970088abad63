package cashier_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/words"
)

// How many entries are not at central yet, and the age of the oldest, stand in the
// status line with central and without: an age, so that days count.
func TestTheStatusLineSaysWhatIsNotAtCentral(t *testing.T) {
	const hour = time.Hour
	for name, tc := range map[string]struct {
		online       bool
		waiting      int
		oldest, away time.Duration
		en, es       string
	}{
		"all there":        {online: true, en: "Central 08:00", es: "Central 08:00"},
		"reached, waiting": {true, 12, 5 * time.Minute, 0, "Central 08:00, 12 waiting, oldest 5 min", "Central 08:00, 12 en espera, la primera 5 min"},
		"reached, waiting for days": {true, 400, 76 * hour, 0, "Central 08:00, 400 waiting, oldest 3 d 4 h",
			"Central 08:00, 400 en espera, la primera 3 d 4 h"},
		"away, nothing waits": {away: 2 * hour, en: "OFFLINE 2 h 0 min", es: "SIN RED 2 h 0 min"},
		"away": {false, 37, 200 * time.Minute, 130 * time.Minute, "OFFLINE, 37 waiting, oldest 3 h 20 min",
			"SIN RED, 37 en espera, la primera 3 h 20 min"},
		"away for a month": {false, 9000, 30 * 24 * hour, 30 * 24 * hour, "OFFLINE, 9000 waiting, oldest 30 d 0 h",
			"SIN RED, 9000 en espera, la primera 30 d 0 h"},
	} {
		for lang, want := range map[words.Lang]string{words.English: tc.en, words.Spanish: tc.es} {
			t.Run(name+" "+string(lang), func(t *testing.T) {
				c := newCounter(t, options{lang: lang})
				now := c.town.Clock.Now()
				c.place.Handle(flow.LinkChanged{Link: flow.Link{Known: true, Online: tc.online, Last: now, Since: now.Add(-tc.away),
					Waiting: tc.waiting, Oldest: now.Add(-tc.oldest)}})
				c.Shows(want)
			})
		}
	}
}

// Customers and staff are spoken of only while they are not as they should be.
func TestTheStatusLineSaysHowCustomersCome(t *testing.T) {
	for name, tc := range map[string]struct {
		data   flow.Data
		en, es string
	}{
		"none yet":  {flow.Data{None: true}, "No customers yet", "Aún sin clientes"},
		"coming":    {flow.Data{None: true, Percent: 40}, "Customers: 40 %", "Clientes: 40 %"},
		"made":      {flow.Data{Percent: 100, Making: true}, "Customers: nearly there", "Clientes: casi listos"},
		"not taken": {flow.Data{Version: 3, Stale: true}, "Customers cannot be renewed", "Los clientes no se renuevan"},
	} {
		for lang, want := range map[words.Lang]string{words.English: tc.en, words.Spanish: tc.es} {
			t.Run(name+" "+string(lang), func(t *testing.T) {
				c := newCounter(t, options{lang: lang})
				c.place.Handle(flow.DataChanged{Data: tc.data})
				c.Shows(want)
				c.place.Handle(flow.DataChanged{Data: flow.Data{Version: 4}})
				if strings.Contains(strings.Join(c.Texts(), "|"), want) {
					t.Errorf("%q stays", want)
				}
			})
		}
	}
}
