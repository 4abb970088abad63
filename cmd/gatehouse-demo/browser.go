package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is Debian's browser, driven by its own protocol. After something failed
// it does nothing more; err says what.
type chromium struct {
	ctx       context.Context
	end       func()
	url       string
	pictures  string // folder
	downloads string // folder
	err       error

	mu     sync.Mutex
	spoken []string // what the browser's log said
	loaded chan string
}

// openChromium opens the browser. It trusts the server by its pin, as stations do.
func openChromium(ctx context.Context, s *server, pictures, downloads string) (*chromium, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("ignore-certificate-errors-spki-list", strings.TrimPrefix(s.pin, "sha256/")))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has no sandbox for root
	}
	allocated, endAll := chromedp.NewExecAllocator(ctx, options...)
	page, end := chromedp.NewContext(allocated)
	c := &chromium{ctx: page, end: func() { end(); endAll() }, url: s.url(), pictures: pictures, downloads: downloads, loaded: make(chan string, 8)}
	chromedp.ListenTarget(page, c.hear)
	c.do(log.Enable(), browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(downloads).WithEventsEnabled(true),
		emulation.SetDeviceMetricsOverride(1280, 900, 1, false))
	if c.err != nil {
		c.end()
		return nil, fmt.Errorf("open Chromium: %w", c.err)
	}
	return c, nil
}

// hear notes what the browser says: a broken rule of the page's content policy, an
// error of a script, a file that is not there.
func (c *chromium) hear(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		c.spoken = append(c.spoken, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		c.spoken = append(c.spoken, fmt.Sprint(e.Type))
	case *runtime.EventExceptionThrown:
		c.spoken = append(c.spoken, e.ExceptionDetails.Text)
	case *browser.EventDownloadWillBegin:
		c.loaded <- e.SuggestedFilename
	case *browser.EventDownloadProgress:
		if e.State == browser.DownloadProgressStateCompleted {
			c.loaded <- ""
		}
	}
}

// complaints are what the browser said so far, but for its note that a picture was
// wanted sooner than a field had the focus.
func (c *chromium) complaints() (bad []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.spoken {
		if !strings.Contains(s, "Autofocus processing") {
			bad = append(bad, s)
		}
	}
	return bad
}

func (c *chromium) do(actions ...chromedp.Action) {
	if c.err == nil {
		c.err = chromedp.Run(c.ctx, actions...)
	}
}

func (c *chromium) open(path string) {
	if c.err != nil {
		return
	}
	reply, err := chromedp.RunResponse(c.ctx, chromedp.Navigate(c.url+path))
	if err == nil && reply != nil && reply.Status != 200 {
		err = fmt.Errorf("status %d", reply.Status)
	}
	if err != nil {
		c.err = fmt.Errorf("open the page %s: %w", path, err)
	}
}

// fill types into fields, by their ids: id, text, id, text.
func (c *chromium) fill(fields ...string) {
	for i := 0; i+1 < len(fields); i += 2 {
		c.do(chromedp.SendKeys("#"+fields[i], fields[i+1], chromedp.ByQuery))
	}
}

// send sends a form by its button, and waits for the page after it.
func (c *chromium) send(button string) {
	if c.err != nil {
		return
	}
	if _, err := chromedp.RunResponse(c.ctx, chromedp.Click(button, chromedp.ByQuery)); err != nil {
		c.err = fmt.Errorf("press %s: %w", button, err)
	}
}

// reads is the text of the page as a person sees it.
func (c *chromium) reads() (text string) {
	c.do(chromedp.Evaluate(`document.querySelector('main').innerText`, &text))
	return strings.Join(strings.Fields(text), " ")
}

// each is the text of everything that a selector finds.
func (c *chromium) each(selector string) (texts []string) {
	c.do(chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.innerText)`, selector), &texts))
	return texts
}

// logOf is the log of a station on the page of stations.
func (c *chromium) logOf(station string) (log string) {
	c.do(chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll('tbody th a')].filter(a => a.innerText === %q).map(a => a.getAttribute('href')).join().replace('/logs/', '')`, station), &log))
	return log
}

// wide says how much wider a page is than the screen, in pixels.
func (c *chromium) wide() (pixels int) {
	c.do(chromedp.Evaluate(`document.documentElement.scrollWidth - innerWidth`, &pixels))
	return pixels
}

// keeps keeps a picture of the whole page.
func (c *chromium) keeps(name string) {
	var png []byte
	c.do(chromedp.FullScreenshot(&png, 100))
	if c.err == nil {
		c.err = os.WriteFile(filepath.Join(c.pictures, name+".png"), png, 0o644)
	}
}

// downloaded does something that brings a file, and reads it.
func (c *chromium) downloaded(click string) (name string, text []byte) {
	c.do(chromedp.Click(click, chromedp.ByQuery))
	for done := false; c.err == nil && !done; {
		select {
		case got := <-c.loaded:
			if done = got == ""; !done {
				name = got
			}
		case <-time.After(waitMost):
			c.err = errors.New("the file was not downloaded: " + click)
		case <-c.ctx.Done():
			c.err = context.Cause(c.ctx)
		}
	}
	if c.err == nil {
		text, c.err = os.ReadFile(filepath.Join(c.downloads, filepath.Base(name)))
	}
	return name, text
}
