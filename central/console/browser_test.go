package console_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gatehouse/central/book"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// chromium is Debian's browser with the office's pages open, served as over loopback.
type chromium struct {
	*office
	ctx       context.Context
	url       string
	downloads string

	mu     sync.Mutex
	spoken []string // what the browser's log said
}

func openChromium(t *testing.T, o *office) *chromium {
	t.Helper()
	server := httptest.NewServer(o.pages)
	t.Cleanup(server.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.WSURLReadTimeout(time.Minute))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has no sandbox for root
	}
	allocated, endAll := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(endAll)
	ctx, end := chromedp.NewContext(allocated)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(late)
	c := &chromium{office: o, ctx: ctx, url: server.URL, downloads: t.TempDir()}
	chromedp.ListenTarget(ctx, func(event any) {
		c.mu.Lock()
		defer c.mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			c.spoken = append(c.spoken, e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			c.spoken = append(c.spoken, fmt.Sprint(e.Type))
		case *runtime.EventExceptionThrown:
			c.spoken = append(c.spoken, e.ExceptionDetails.Text)
		}
	})
	c.do(log.Enable(), browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(c.downloads).WithEventsEnabled(true))
	c.size(1280)
	return c
}

func (c *chromium) do(actions ...chromedp.Action) {
	c.t.Helper()
	if err := chromedp.Run(c.ctx, actions...); err != nil {
		c.t.Fatal(err)
	}
}

func (c *chromium) size(width int64) {
	c.t.Helper()
	c.do(emulation.SetDeviceMetricsOverride(width, 900, 1, width < 600))
}

func (c *chromium) open(path string) {
	c.t.Helper()
	c.do(chromedp.Navigate(c.url + path))
}

// reads is the text of the page as a person sees it.
func (c *chromium) reads() (text string) {
	c.t.Helper()
	c.do(chromedp.Evaluate(`document.body.innerText`, &text))
	return strings.Join(strings.Fields(text), " ")
}

// send sends a form with a button and waits for the page after it.
func (c *chromium) send(selector string) {
	c.t.Helper()
	if _, err := chromedp.RunResponse(c.ctx, chromedp.Click(selector, chromedp.ByQuery)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *chromium) enter(name, word string) {
	c.t.Helper()
	c.open("/sign-in")
	c.do(chromedp.SendKeys("#name", name, chromedp.ByQuery), chromedp.SendKeys("#password", word, chromedp.ByQuery))
	c.send("button.main")
}

// complaints gives back what the browser complained of, and forgets it.
func (c *chromium) complaints() (bad []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.spoken {
		// A page of status 422 or 403 is how a form is refused, and a test is quicker
		// than the focus of a page; Chromium notes both.
		if !strings.Contains(s, "status of 422") && !strings.Contains(s, "status of 403") && !strings.Contains(s, "Autofocus processing") {
			bad = append(bad, s)
		}
	}
	c.spoken = nil
	return bad
}

// picture keeps what the page looks like, where GATEHOUSE_PICTURES names a folder.
func (c *chromium) picture(name string) {
	c.t.Helper()
	folder := os.Getenv("GATEHOUSE_PICTURES")
	if folder == "" {
		return
	}
	var png []byte
	c.do(chromedp.FullScreenshot(&png, 100))
	must(c.t, os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644))
}

func TestAPersonsWorkInChromium(t *testing.T) {
	o := newOffice(t)
	o.town()
	b := storetest.NewStation(t, "B2")
	b.Write(t, payment(18820, "100417-2", `"><script>document.title='owned'</script>`))
	b.Write(t, ledger.Draft{Kind: "valve.turned.v7", Body: 1})
	revoked := o.sent(b)
	must(t, o.judge.Follow(t.Context()))
	o.hire("fin", book.Finance)
	c := openChromium(t, o)

	c.enter("ana", "not the password")
	shows(t, c.reads(), "This name and password do not belong together.")
	c.picture("sign-in-wrong")
	c.enter("ana", password)
	shows(t, c.reads(), "Stations", "A1", "B2", "dollars taken", "ana administrator")
	c.picture("stations")

	c.open("/enrolment")
	c.do(chromedp.SendKeys("#name", "kiosk in the lobby", chromedp.ByQuery))
	c.send("main button.main")
	var code string
	c.do(chromedp.Text(".fresh .code", &code, chromedp.ByQuery))
	if _, ok := wire.ReadCode(code); !ok {
		t.Errorf("the page shows the code %q", code)
	}
	shows(t, c.reads(), "Central's key", "sha256/47DEQpj8HBSa")
	c.picture("enrolment")

	c.do(chromedp.Evaluate(`document.querySelector('main input[name=form]').value = 'x'`, nil), chromedp.SendKeys("#name", "forged", chromedp.ByQuery))
	c.send("main button.main")
	shows(t, c.reads(), "This form does not belong to your session. Nothing was done.")

	c.open("/logs/" + revoked + "/standing")
	c.do(chromedp.SendKeys("#reason", "the laptop was stolen", chromedp.ByQuery))
	c.send("button.danger")
	shows(t, c.reads(), "The station is revoked", "the laptop was stolen")
	c.picture("standing")
	c.open("/logs/" + revoked + "/payments")
	shows(t, c.reads(), "<script>document.title='owned'</script>")
	var title string
	if c.do(chromedp.Title(&title)); title == "owned" {
		t.Error("a customer's name ran as a script")
	}
	c.send(".who button")
	shows(t, c.reads(), "You are signed out.")

	c.enter("fin", password)
	c.open("/exceptions")
	shows(t, c.reads(), "unknown kind", "valve.turned.v7")
	c.picture("exceptions")
	c.do(chromedp.SendKeys(`input[name=exception][value^=unknown-kind] ~ div input`, "central is brought up to date", chromedp.ByQuery))
	c.send(`form:has(input[name=exception][value^=unknown-kind]) button`)
	shows(t, c.reads(), "It is worked off.", "central is brought up to date")

	c.open("/files")
	c.send("main button.main")
	shows(t, c.reads(), "The file is written.")
	c.picture("files")
	done := make(chan string, 1)
	chromedp.ListenTarget(c.ctx, func(event any) {
		if e, ok := event.(*browser.EventDownloadProgress); ok && e.State == browser.DownloadProgressStateCompleted {
			done <- e.GUID
		}
	})
	c.do(chromedp.Click(`a[href="/files/1"]`, chromedp.ByQuery))
	select {
	case <-done:
	case <-c.ctx.Done():
		t.Fatal("the file was not downloaded")
	}
	found, err := filepath.Glob(filepath.Join(c.downloads, "payments-000001*.*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("downloaded %v: %v", found, err)
	}
	text, err := os.ReadFile(found[0])
	must(t, err)
	shows(t, string(text), "100417-2")

	for _, path := range []string{"/takings", "/over-short"} {
		c.open(path + "?from=2026-11-23&to=2026-12-11")
		var high float64
		c.do(chromedp.Evaluate(`Math.max(...[...document.querySelectorAll('svg rect.bar-box')].map(r => r.getBoundingClientRect().height))`, &high))
		if high < 20 {
			t.Errorf("%s: the highest bar is %v pixels", path, high)
		}
		c.picture(path[1:])
	}
	if bad := c.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// TestWithoutAMouse signs in and issues a code by keys alone.
func TestWithoutAMouse(t *testing.T) {
	c := openChromium(t, newOffice(t))
	c.open("/sign-in")
	keys := func(text string) {
		t.Helper()
		c.do(chromedp.KeyEvent(text))
	}
	// The first field gets the focus when the page is first drawn, which may be after it
	// is loaded: what is typed before that goes nowhere.
	c.do(chromedp.Poll(`document.activeElement.id === 'name'`, nil))
	keys("ana" + kb.Tab + password)
	if _, err := chromedp.RunResponse(c.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	shows(t, c.reads(), "ana administrator")
	c.open("/enrolment")
	for range 20 {
		keys(kb.Tab)
		var id, outline string
		c.do(chromedp.Evaluate(`document.activeElement.id`, &id), chromedp.Evaluate(`getComputedStyle(document.activeElement).outlineStyle`, &outline))
		if outline != "solid" {
			t.Errorf("what has the focus does not show it: %q", id)
		}
		if id == "name" {
			break
		}
	}
	keys("kiosk")
	if _, err := chromedp.RunResponse(c.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	shows(t, c.reads(), "Code for kiosk")
}

// faults are what a page must not have: fields without a name, words too pale to read,
// ids twice, and content wider than the screen.
const faults = `(() => {
	const out = [];
	const lum = c => { const [r, g, b] = c.map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
	const parse = s => s.match(/[\d.]+/g).map(Number);
	const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
	for (const e of document.querySelectorAll('body *')) {
		const s = getComputedStyle(e);
		if (s.visibility === 'hidden' || s.display === 'none' || e.closest('svg') || e.classList.contains('skip')) continue;
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
		const a = lum(parse(s.color)), b = lum(ground(e));
		const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (ratio < 4.5) out.push('pale ' + ratio.toFixed(2) + ': ' + e.textContent.trim().slice(0, 30));
	}
	for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
		if (!e.labels.length) out.push('no label: ' + e.name);
	for (const e of document.querySelectorAll('button, a'))
		if (!(e.getAttribute('aria-label') || e.textContent).trim()) out.push('no name: ' + e.outerHTML);
	const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
	for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) out.push('id twice: ' + id);
	if (document.querySelectorAll('h1').length !== 1) out.push('h1: ' + document.querySelectorAll('h1').length);
	if (document.documentElement.scrollWidth > innerWidth) out.push('wider than the screen: ' + document.documentElement.scrollWidth);
	return out;
})()`

// TestEveryPageIsReadable looks at each page, narrow and wide, in the light and in the
// dark.
func TestEveryPageIsReadable(t *testing.T) {
	o := newOffice(t)
	log := o.town()
	b := storetest.NewStation(t, "B2")
	b.Write(t, ledger.Draft{Kind: "valve.turned.v7", Body: 1})
	b.Write(t, ledger.Draft{Kind: "visit.signed_in.v1", Body: map[string]any{"number": "B001", "name": "Ana Ruiz", "company": "Delta Pumps", "whom_desk": "Billing"}})
	clone := b.Clone(t)
	b.Pay(t, 1, 100)
	clone.Pay(t, 2, 300)
	forked := o.sent(b)
	if _, err := o.kept.Append(t.Context(), clone.Batch(t, 4, 2)); err == nil {
		t.Fatal("the clone's entry was taken")
	}
	must(t, o.judge.Follow(t.Context()))
	o.publishStaff()
	o.as(book.Supervisor)
	o.act("/enrolment/issue", "name", "kiosk")
	c := openChromium(t, o)
	c.enter("supervisor", password)
	for _, look := range []string{"light", "dark"} {
		for _, width := range []int64{320, 1280} {
			c.size(width)
			c.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look}}))
			for name, path := range map[string]string{
				"first": "/", "entries": "/logs/" + log, "station-payments": "/logs/" + log + "/payments", "entry": "/logs/" + log + "/entries/5",
				"fork": "/logs/" + forked + "/standing", "verify": "/logs/" + log + "/verify", "codes": "/enrolment", "money": "/money",
				"takings": "/takings?from=2026-11-23&to=2026-12-11", "over-short": "/over-short?from=2026-11-23&to=2026-12-11",
				"approvals": "/approvals?from=2026-11-23&to=2026-12-11", "deposits": "/deposits", "exceptions": "/exceptions", "watch": "/watch",
				"site": "/site", "files": "/files", "gl": "/gl", "reference": "/reference", "people": "/people", "staff": "/staff", "retention": "/retention",
			} {
				c.open(path)
				var found []string
				c.do(chromedp.Evaluate(faults, &found))
				if len(found) > 0 {
					t.Errorf("%s, %d pixels, %s: %q", path, width, look, found)
				}
				c.picture(fmt.Sprintf("%s-%d-%s", name, width, look))
			}
		}
	}
	if bad := c.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
