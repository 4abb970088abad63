package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// Who works at central, and what they type. It is a utility that does not exist.
const (
	adminName   = "dana.it"
	financeName = "felix"
	password    = "copper kettle on the ridge"
)

func (d *theOffices) setUp() (err error) {
	downloads := filepath.Join(d.out, "files")
	if d.browser, err = openChromium(d.ctx, d.central, d.out, downloads); err != nil {
		return err
	}
	code, err := os.ReadFile(filepath.Join(d.central.data, "console-setup-code"))
	if err != nil {
		return err
	}
	b := d.browser
	b.open("/")
	b.keeps("set-up")
	b.fill("code", strings.TrimSpace(string(code)), "name", adminName, "password", password, "password_again", password)
	b.send("button.main")
	b.keeps("sign-in")
	d.signIn(adminName)
	return b.err
}

func (d *theOffices) signIn(name string) {
	d.browser.open("/sign-in")
	d.browser.fill("name", name, "password", password)
	d.browser.send("button.main")
}

func (d *theOffices) issueCodes() error {
	d.relay = &server{name: "relay"}
	b := d.browser
	issue := func(what string) (code string) {
		b.open("/enrolment")
		b.fill("name", what)
		b.send("main button.main")
		b.do(chromedp.Text(".fresh .code", &code, chromedp.ByQuery))
		return strings.TrimSpace(code)
	}
	d.relay.env = []string{"GATEHOUSE_CENTRAL_UPSTREAM_CODE=" + issue("relay of the Hillside office")}
	d.a1.code = issue("cashier 1, Hillside")
	d.k1.code = issue("kiosk in the lobby, Hillside")
	d.b1.code = issue("cashier 1, main building")
	issue("cashier 2, main building, next week")
	b.keeps("enrolment")
	return b.err
}

// page is a page of the console, and what must stand on it.
type page struct {
	name, path string
	shows      []string
}

// looks goes through pages, looks whether what they are for is there, and keeps them.
func (d *theOffices) looks(pages []page) {
	for _, p := range pages {
		d.browser.open(p.path)
		text := d.browser.reads()
		var missing []string
		for _, want := range p.shows {
			if !strings.Contains(text, want) {
				missing = append(missing, want)
			}
		}
		if d.browser.err == nil {
			wide := d.browser.wide()
			d.sum.holds("the page "+p.path+" shows what it is for, on one screen's width", len(missing) == 0 && wide <= 0, "%d of %d things are there%s", len(p.shows)-len(missing), len(p.shows), lacks(missing, wide))
		}
		d.browser.keeps(p.name)
	}
}

func lacks(missing []string, wide int) (said string) {
	if len(missing) > 0 {
		said = fmt.Sprintf("; not %q", missing)
	}
	if wide > 0 {
		said += fmt.Sprintf("; %d pixels too wide", wide)
	}
	return said
}

func (d *theOffices) administrator() error {
	b := d.browser
	d.looks([]page{
		{"stations", "/", []string{"A1", "B1", "K1", "R1", "needs a person"}},
		{"station-entries", "/logs/" + d.a1.log, []string{"Station A1", "cash.drawer_closed.v1"}},
		{"station-payments", "/logs/" + d.a1.log + "/payments", []string{"Maria Lopez", "118.75", "cash"}},
		{"station-visitors", "/logs/" + d.k1.log + "/visitors", []string{"Ida Holm", "Delta Pumps"}},
		{"fork", "/logs/" + d.b1.log + "/standing", []string{"Came, and did not fit", "40.00", "fork"}},
		{"people", "/people", []string{adminName, "administrator"}},
		{"staff", "/staff", []string{"Maria Lopez", "Who may do what"}},
		{"retention", "/retention", []string{"no act that destroys an entry"}},
	})
	b.open("/people")
	b.fill("name", financeName, "password", password, "password_again", password)
	b.do(chromedp.SetValue("#role", "finance", chromedp.ByQuery))
	b.send("form:has(#role) button.main")
	b.keeps("people-set")
	for _, p := range []*place{d.a1, d.b1, d.k1} {
		b.open("/logs/" + p.log + "/verify")
		b.send("main form button.main")
		figures := b.each("section.figures b")
		d.sum.holds(p.id+": central proves the log it has", len(figures) > 1 && figures[0] == "holds" && plainNumber(figures[1]) == fmt.Sprint(p.count), "%v", figures)
		b.keeps("verify-" + p.id)
	}
	b.open("/acts")
	acts := b.reads()
	d.sum.holds("every act at the console is in central's own log", strings.Count(acts, "central.code_issued.v1") == 5 && strings.Count(acts, "central.code_used.v1") == 4 && strings.Contains(acts, "central.operator_set.v1"),
		"%d codes issued, %d used", strings.Count(acts, "central.code_issued.v1"), strings.Count(acts, "central.code_used.v1"))
	b.keeps("acts")
	b.send(".who button")
	return b.err
}

// plainNumber is a number of a page without what parts its thousands.
func plainNumber(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return -1
	}, text)
}

func (d *theOffices) finance() error {
	b := d.browser
	d.signIn(financeName)
	period := "?from=" + d.from + "&to=" + d.to
	// Central judges what it stored every few seconds.
	err := until(d.ctx, "central has judged the fork", func() (bool, error) {
		b.open("/exceptions")
		return strings.Contains(b.reads(), "to work off"), b.err
	})
	if err != nil {
		return err
	}
	d.looks([]page{
		{"money", "/money", []string{"Cash position", "Drawer 1", "Tom Becker"}},
		{"takings", "/takings" + period, []string{"Day by day", "Station A1", "Station B1"}},
		{"over-short", "/over-short" + period, []string{"Over and short by cashier", "Maria Lopez", "Tom Becker"}},
		{"approvals", "/approvals" + period, []string{"wrong account", "Ana Ruiz"}},
		{"deposits", "/deposits", []string{"Deposits in transit"}},
		{"on-site", "/site", []string{"Ida Holm", "Omar Reyes", "3 signed in"}},
		{"watch", "/watch", []string{"A1", "Maria Lopez"}},
		{"exceptions", "/exceptions", []string{"to work off", "B1"}},
	})
	b.open("/files")
	b.do(chromedp.SetValue("#layout", "plain CSV", chromedp.ByQuery))
	b.send("main button.main")
	b.keeps("payment-file")
	d.checkPayments(b.downloaded(`a[href="/files/1"]`))
	b.open("/gl")
	b.do(chromedp.SetValue("#from", d.from, chromedp.ByQuery), chromedp.SetValue("#to", d.to, chromedp.ByQuery))
	b.keeps("general-ledger")
	d.checkGL(b.downloaded("main form button.main"))
	b.open("/money")
	d.checkPlaces("where the money is, on the page, equals hledger's balances", "All together", b.each("section.figures span"), b.each("section.figures b"),
		"assets:drawer:", "assets:safe:", "assets:undeposited:", "assets:in-transit:")
	b.open("/deposits")
	d.checkPlaces("the deposits on their way, on the page, equal hledger's balance", "Amount", b.each("section.figures span"), b.each("section.figures b"), "assets:in-transit:")
	b.open("/")
	d.checkStations(b.each("section.figures b"))
	b.send(".who button")
	said := b.complaints()
	d.sum.holds("Chromium complains of nothing: no script error, no breach of the content policy", len(said) == 0, "%d complaints %q", len(said), said)
	return b.err
}
