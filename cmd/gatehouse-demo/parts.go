package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// client asks the panels and pages on loopback.
var client = http.Client{Timeout: 10 * time.Second}

// maxPage bounds what is read of a page, in bytes.
const maxPage = 8 << 20

func get(ctx context.Context, url string) ([]byte, error) { return ask(ctx, http.MethodGet, url) }

func ask(ctx context.Context, method, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	return reply(&client, request)
}

// reply is what a page says.
func reply(client *http.Client, request *http.Request) ([]byte, error) {
	said, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer said.Body.Close()
	text, err := io.ReadAll(io.LimitReader(said.Body, maxPage))
	if err == nil && said.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.200s", request.Method, request.URL, said.Status, text)
	}
	return text, err
}

// printer is an emulated printer with its drawer, a program of its own.
type printer struct {
	link  string // port
	paper string // folder of the pieces
	panel string // address
}

func (h *house) startPrinter(ctx context.Context, name string, p printer) error {
	if _, err := h.ours(name, "gatehousectl", nil, "emulator", "--link", p.link, "--out", p.paper, "--control", p.panel); err != nil {
		return err
	}
	return until(ctx, "the emulated printer is there", func() (bool, error) {
		_, err := p.state(ctx)
		return err == nil, nil
	})
}

func (p printer) state(ctx context.Context) (emulator.State, error) {
	var s emulator.State
	text, err := get(ctx, "http://"+p.panel+"/state")
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
}

// cut is how many pieces of paper were cut off.
func (p printer) cut(ctx context.Context) (int, error) {
	var pieces struct{ Kept []int }
	text, err := get(ctx, "http://"+p.panel+"/pieces")
	if err == nil {
		err = json.Unmarshal(text, &pieces)
	}
	return len(pieces.Kept), err
}

// gives waits until so many pieces were cut off since the printer was started.
func (p printer) gives(ctx context.Context, what string, pieces int) error {
	return until(ctx, fmt.Sprintf("%s (paper %d)", what, pieces), func() (bool, error) {
		n, err := p.cut(ctx)
		return n >= pieces, err
	})
}

// do does to the printer what hands do: "paper/out", "drawer/close".
func (p printer) do(ctx context.Context, action string) error {
	_, err := ask(ctx, http.MethodPost, "http://"+p.panel+"/"+action)
	return err
}

// central is the server with its embedded store.
type central struct {
	address string
	data    string
	codes   []string // each lets one station in
	program *program
	person  *http.Client // signed in at the console
}

// stations is how many stations are let in at most.
const stations = 3

func (h *house) startCentral(ctx context.Context, c *central) error {
	for n := range stations - len(c.codes) {
		out, err := exec.CommandContext(ctx, filepath.Join(h.bin, "gatehouse-central"), "code", fmt.Sprint("station ", n+1), "--data", c.data).Output()
		if err != nil {
			return fmt.Errorf("make an enrolment code: %w", err)
		}
		c.codes = append(c.codes, strings.TrimSpace(string(out)))
	}
	var err error
	c.program, err = h.ours("central", "gatehouse-central", nil, "--data", c.data, "--listen", c.address)
	if err != nil {
		return err
	}
	return until(ctx, "central answers", func() (bool, error) {
		if c.program.ended() {
			return false, fmt.Errorf("central ended (its log is beside): %w", c.program.err)
		}
		_, err := get(ctx, c.url("/healthz"))
		return err == nil, nil
	})
}

func (c *central) url(path string) string { return "http://" + c.address + path }

// head is the last entry of a log that central has.
func (c *central) head(ctx context.Context, log string) (uint64, string, error) {
	id, err := ledger.ParseLogID(log)
	if err != nil {
		return 0, "", err
	}
	text, err := get(ctx, c.url(wire.HeadPath(id)))
	if err != nil {
		return 0, "", err
	}
	var a wire.Answer
	if err := json.Unmarshal(text, &a); err != nil || a.Head == nil {
		return 0, "", fmt.Errorf("central's head of %s: %.200s", log, text)
	}
	return a.Head.Seq, a.Head.Leaf.String(), nil
}
