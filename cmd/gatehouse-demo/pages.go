package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// enters makes central's first administrator, and signs them in.
func (c *central) enters(ctx context.Context) error {
	code, err := os.ReadFile(filepath.Join(c.data, "console-setup-code"))
	if err != nil {
		return err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	c.person = &http.Client{Timeout: 10 * time.Second, Jar: jar}
	return errors.Join(
		c.sends(ctx, "/setup", url.Values{"code": {strings.TrimSpace(string(code))}, "name": {adminName}, "password": {password}, "password_again": {password}}),
		c.sends(ctx, "/sign-in", url.Values{"name": {adminName}, "password": {password}}))
}

// sends sends a form of the console.
func (c *central) sends(ctx context.Context, path string, fields url.Values) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url(path), strings.NewReader(fields.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, err = reply(c.person, request)
	return err
}

// page is a page of the console, as who is signed in sees it.
func (c *central) page(ctx context.Context, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url(path), nil)
	if err != nil {
		return nil, err
	}
	return reply(c.person, request)
}

var (
	entryLink = regexp.MustCompile(`<a href="/logs/[0-9a-f]+/entries/(\d+)">`)
	olderLink = regexp.MustCompile(`\?before=(\d+)`)
)

// entries are the numbers of all entries of a log as the console lists them, newest
// first.
func (c *central) entries(ctx context.Context, log string) (numbers []uint64, err error) {
	for path := "/logs/" + log; path != ""; {
		text, err := c.page(ctx, path)
		if err != nil {
			return nil, err
		}
		for _, m := range entryLink.FindAllSubmatch(text, -1) {
			n, err := strconv.ParseUint(string(m[1]), 10, 64)
			if err != nil {
				return nil, err
			}
			numbers = append(numbers, n)
		}
		path = ""
		if m := olderLink.FindSubmatch(text); m != nil {
			path = "/logs/" + log + "?before=" + string(m[1])
		}
	}
	return numbers, nil
}

// keepPages keeps central's pages of a station.
func (d *theDay) keepPages(ctx context.Context, r *record) error {
	folder := filepath.Join(d.out, "central")
	for name, path := range map[string]string{"stations.html": "/", "style.css": "/style.css", r.id + "-entries.html": "/logs/" + r.log} {
		text, err := d.central.page(ctx, path)
		if err != nil {
			return fmt.Errorf("keep central's pages: %w", err)
		}
		text = []byte(strings.ReplaceAll(string(text), `href="/style.css"`, `href="style.css"`))
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
