package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// keepPages keeps central's pages of a station, and as pictures where there is a
// browser to draw them.
func (d *theDay) keepPages(ctx context.Context, r *record) error {
	folder := filepath.Join(d.out, "central")
	for name, path := range map[string]string{
		"stations.html": "/", "style.css": "/style.css", r.id + "-entries.html": "/logs/" + r.log,
		r.id + "-payments.html": "/logs/" + r.log + "/payments", r.id + "-visitors.html": "/logs/" + r.log + "/visitors",
	} {
		text, err := get(ctx, d.central.url(path))
		if err != nil {
			return err
		}
		text = []byte(strings.ReplaceAll(string(text), `href="/style.css"`, `href="style.css"`))
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return err
		}
	}
	tab := map[string]string{"A1": "payments", "K1": "visitors"}[r.id]
	d.draw(ctx, filepath.Join(folder, r.id+"-"+tab+".png"), "/logs/"+r.log+"/"+tab)
	return nil
}

// drawMost is how long a browser may take for a page.
const drawMost = 15 * time.Second

// draw makes a picture of a page with a browser, if there is one: a picture of
// central is for people, and no check.
func (d *theDay) draw(ctx context.Context, picture, path string) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, drawMost)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--user-data-dir="+filepath.Join(d.data, "browser"), "--window-size=1280,900", "--screenshot="+picture, d.central.url(path))
	if _, err := output(cmd); err != nil {
		_ = os.Remove(picture) // half a picture is none
	}
}
