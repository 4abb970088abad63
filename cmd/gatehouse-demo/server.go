package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// server is a gatehouse-central that speaks TLS with a key of its own: central
// itself, or the relay of an office.
type server struct {
	name    string // of its log, and in what is said
	data    string
	address string
	args    []string
	env     []string

	pin     string
	client  *http.Client // trusts the pin and nothing else
	program *program
}

func (s *server) url() string { return "https://" + s.address }

var pinShown = regexp.MustCompile(`pin="?(sha256/[A-Za-z0-9+/=]{44})`)

// startServer starts it, or starts it again, and waits until it answers.
func (h *house) startServer(ctx context.Context, s *server) (err error) {
	args := append([]string{"--data", s.data, "--listen", s.address, "--tls", "--metrics-listen", "off"}, s.args...)
	if s.program, err = h.ours(s.name, "gatehouse-central", s.env, args...); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, waitMost)
	defer cancel()
	return until(ctx, s.name+" answers", func() (bool, error) {
		if s.program.ended() {
			return false, fmt.Errorf("%s ended (its log is in %s): %w", s.name, h.logs, s.program.err)
		}
		if s.client == nil {
			return false, s.learnPin(h)
		}
		_, err := s.get(ctx, "/readyz")
		return err == nil, nil
	})
}

// learnPin reads the pin that the program shows when it starts, as a person does.
func (s *server) learnPin(h *house) error {
	said, err := os.ReadFile(filepath.Join(h.logs, s.name+".log"))
	if err != nil {
		return err
	}
	found := pinShown.FindSubmatch(said)
	if found == nil {
		return nil
	}
	pins, err := wire.ParsePins(string(found[1]))
	if err != nil {
		return err
	}
	trust, err := station.NewTrust(station.TrustOptions{Pins: pins})
	if err != nil {
		return err
	}
	s.pin, s.client = string(found[1]), trust.Client()
	return nil
}

// kill ends it as a power cut does.
func (s *server) kill() error {
	if err := s.program.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("kill %s: %w", s.name, err)
	}
	<-s.program.done
	return nil
}

func (s *server) get(ctx context.Context, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url()+path, nil)
	if err != nil {
		return nil, err
	}
	reply, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, maxPage))
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.200s", path, reply.Status, text)
	}
	return text, err
}

// head is the last entry of a log that it says it has, 0 for a log it does not know.
func (s *server) head(ctx context.Context, log string) (seq uint64, leaf string, err error) {
	id, err := ledger.ParseLogID(log)
	if err != nil {
		return 0, "", err
	}
	text, err := s.get(ctx, wire.HeadPath(id))
	var a wire.Answer
	if text == nil || json.Unmarshal(text, &a) != nil {
		return 0, "", err
	}
	if a.Problem == wire.ProblemUnknownLog {
		return 0, "", nil
	}
	if err == nil && a.Head == nil {
		err = errors.New("it shows no head")
	}
	if err != nil {
		return 0, "", fmt.Errorf("%s's head of %s: %w", s.name, log, err)
	}
	return a.Head.Seq, a.Head.Leaf.String(), nil
}
