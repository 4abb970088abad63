package emulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

func TestRunPrintsIntoAFolderAndEndsWhenAsked(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "port")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	logs, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- emulator.Run(ctx, emulator.RunConfig{
			Link: path, Dir: filepath.Join(dir, "paper"), Control: "127.0.0.1:0", Baud: 115200, Speed: 1000,
			Clock: link.WallClock{}, Log: w,
		})
		_ = w.Close()
	}()
	lines := bufio.NewScanner(logs)
	lines.Scan()
	panel := regexp.MustCompile(`http://\S+`).FindString(lines.Text())
	port := dial(t, path, 115200)
	segs, err := escpos.Encode(receipt(escpos.Logo{Bitmap: waterLogo(t)}), profile(t, "TM-T88VI"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range segs {
		if _, err := port.Write(s.Data); err != nil {
			t.Fatal(err)
		}
	}
	lines.Scan() // "piece 1: …"
	got, err := http.Get(panel + "/pieces/1.txt")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(got.Body)
	_ = got.Body.Close()
	cancel()
	for lines.Scan() {
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "paper", "001.txt"))
	if err != nil || string(kept) != string(text) || !strings.Contains(string(kept), "END A1-000123-K7QX") {
		t.Errorf("kept %q, %v; the panel shows %q", kept, err, text)
	}
	for _, name := range []string{"001.png", "001.json"} {
		if fi, err := os.Stat(filepath.Join(dir, "paper", name)); err != nil || fi.Size() < 1000 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the port stayed behind")
	}
}

func TestRunRefusesWhatItCannotDo(t *testing.T) {
	good := emulator.RunConfig{Link: filepath.Join(t.TempDir(), "port"), Clock: link.WallClock{}}
	for name, change := range map[string]func(*emulator.RunConfig){
		"unknown model":   func(c *emulator.RunConfig) { c.Model = "TM-X" },
		"no port":         func(c *emulator.RunConfig) { c.Link = "" },
		"two places":      func(c *emulator.RunConfig) { c.TCP = "127.0.0.1:0" },
		"no such address": func(c *emulator.RunConfig) { c.Link, c.TCP = "", "nowhere" },
		"silly speed":     func(c *emulator.RunConfig) { c.Baud = 1 },
		"open to the net": func(c *emulator.RunConfig) { c.Control = "0.0.0.0:0" },
		"folder is file":  func(c *emulator.RunConfig) { c.Dir = "/dev/null/x" },
	} {
		cfg := good
		change(&cfg)
		if err := emulator.Run(t.Context(), cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestPanelShowsAndActs(t *testing.T) {
	p := start(t, nil)
	srv := httptest.NewServer(p.Handler())
	defer srv.Close()
	state := func(path string) (s emulator.State) {
		t.Helper()
		resp, err := http.Post(srv.URL+path, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, c := range []struct {
		path string
		ok   func(emulator.State) bool
	}{
		{"/paper/low", func(s emulator.State) bool { return s.Paper == "low" && s.Online }},
		{"/paper/out", func(s emulator.State) bool { return s.Paper == "out" && !s.Online }},
		{"/paper/load", func(s emulator.State) bool { return s.Paper == "ok" && s.Online }},
		{"/cover/open", func(s emulator.State) bool { return s.CoverOpen }},
		{"/cover/close", func(s emulator.State) bool { return !s.CoverOpen }},
		{"/drawer/key", func(s emulator.State) bool { return s.DrawerOpen && !s.Pin3High }},
		{"/drawer/close", func(s emulator.State) bool { return !s.DrawerOpen }},
		{"/power", func(s emulator.State) bool { return s.Power && s.Online }},
		{"/power/off", func(s emulator.State) bool { return !s.Power }},
		{"/power/on", func(s emulator.State) bool { return s.Power }},
		{"/unplug", func(s emulator.State) bool { return !s.Plugged }},
		{"/replug", func(s emulator.State) bool { return s.Plugged }},
	} {
		if s := state(c.path); !c.ok(s) {
			t.Errorf("after %s: %+v", c.path, s)
		}
	}
	for path, want := range map[string]string{
		"/": "<h1>TM-T88VI</h1>", "/state": `"model": "TM-T88VI"`, "/pieces": `"kept": []`, "/pieces/0.png": "\x89PNG",
		"/pieces/7.png": "no piece 7 is kept",
	} {
		resp, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if !strings.Contains(string(body), want) {
			t.Errorf("%s shows %.200q", path, body)
		}
	}
}

// A page from elsewhere, open in the same browser, cannot open the drawer.
func TestPanelObeysOnlyItsOwnPage(t *testing.T) {
	p := start(t, nil)
	req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/drawer/key", nil)
	req.Header.Set("Origin", "https://elsewhere.example")
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, req)
	if w.Code != http.StatusForbidden || p.State().DrawerOpen {
		t.Errorf("answer %d, drawer open %v", w.Code, p.State().DrawerOpen)
	}
}
