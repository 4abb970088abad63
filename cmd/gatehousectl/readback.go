package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// readBack reads one log back from central, with a code that an operator gave out
// for it.
type readBack struct {
	url    string
	client *http.Client
	codec  *wire.Codec
	log    ledger.LogID
	told   wire.Restored
}

// pageTime bounds one request: a batch of a mebibyte on a bad line.
const pageTime = 2 * time.Minute

// beginReadBack uses the code up.
func (c *call) beginReadBack(ctx context.Context, address, code string, insecure bool) (*readBack, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, usage("--central %q: want an address like https://central.example", address)
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback() && !insecure {
		return nil, usage("--central %q is plain http on another machine: everybody on the way could read the ledger; use https, or say --insecure-lan", address)
	}
	codec, err := wire.NewCodec()
	if err != nil {
		return nil, err
	}
	r := &readBack{url: strings.TrimRight(address, "/"), codec: codec, client: &http.Client{Timeout: pageTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	claim := make([]byte, wire.ClaimSize)
	if _, err := io.ReadFull(c.Random, claim); err != nil {
		return nil, err
	}
	text, err := json.Marshal(wire.Restore{Code: code, Claim: claim})
	if err != nil {
		return nil, err
	}
	err = r.patiently(ctx, func() (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodPost, r.url+wire.PathRestore, bytes.NewReader(text))
	}, func(answer *http.Response) error {
		r.told, r.log, err = wire.ReadRestored(answer.Body)
		return err
	})
	return r, err
}

// tries is how often one thing is asked before a person is told.
const tries = 5

// patiently asks until there is an answer, or central says no.
func (r *readBack) patiently(ctx context.Context, ask func() (*http.Request, error), take func(*http.Response) error) error {
	for try := 1; ; try++ {
		request, err := ask()
		if err != nil {
			return err
		}
		again, err := r.once(request, take)
		if err == nil || !again || try == tries {
			return err
		}
		select {
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// once asks once; again says whether asking once more may help.
func (r *readBack) once(request *http.Request, take func(*http.Response) error) (again bool, err error) {
	answer, err := r.client.Do(request)
	if err != nil {
		return true, fmt.Errorf("ask central: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		a, err := wire.ReadAnswer(answer.Body)
		if err != nil {
			return true, fmt.Errorf("what answers there is not central: status %s", answer.Status)
		}
		return a.Problem == wire.ProblemStore, fmt.Errorf("central refused: %s (%s)", a.Text, a.Problem)
	}
	return true, take(answer)
}

// page reads entries of the log, none where it ends.
func (r *readBack) page(ctx context.Context, from uint64) (entries []ledger.Entry, err error) {
	err = r.patiently(ctx, func() (*http.Request, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+wire.EntriesPath(r.log, from), nil)
		if err == nil {
			request.Header.Set("Authorization", wire.TokenScheme+" "+r.told.Token)
		}
		return request, err
	}, func(answer *http.Response) error {
		if answer.StatusCode == http.StatusNoContent {
			entries = nil
			return nil
		}
		header, err := wire.ReadHeader(r.log, answer.Header)
		if err != nil {
			return err
		}
		packed, err := io.ReadAll(io.LimitReader(answer.Body, wire.MaxPacked+1))
		if err != nil {
			return err
		}
		entries, err = r.codec.Open(ed25519.PublicKey(r.told.Key), wire.Batch{Header: header, Packed: packed})
		if err == nil && (header.From != from) {
			err = fmt.Errorf("a page from entry %d instead of %d", header.From, from)
		}
		return err
	})
	return entries, err
}

// copyTo writes the log as central has it into a new file, proving that each entry
// follows the one before, to the head that central signed.
func (r *readBack) copyTo(ctx context.Context, path string, views []ledger.View) (*ledger.Replica, error) {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is already there; move it away first, it is evidence", path)
	}
	whole := path + ".part"
	if err := os.Remove(whole); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	copied, err := ledger.OpenReplica(ledger.ReplicaOptions{Path: whole, Views: views})
	if err != nil {
		return nil, err
	}
	if err := r.fill(ctx, copied); err != nil {
		return nil, errors.Join(err, copied.Close(), os.Remove(whole))
	}
	if err := errors.Join(copied.Close(), os.Rename(whole, path)); err != nil {
		return nil, err
	}
	return ledger.OpenReplica(ledger.ReplicaOptions{Path: path, Views: views})
}

func (r *readBack) fill(ctx context.Context, to *ledger.Replica) error {
	head := r.told.Head
	for to.Head().Seq < head.Seq {
		entries, err := r.page(ctx, to.Head().Seq+1)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return fmt.Errorf("central signed for %d entries and gives %d", head.Seq, to.Head().Seq)
		}
		for i := range entries {
			if entries[i].Seq == head.Seq {
				entries = entries[:i+1] // what came since is another head's
				break
			}
		}
		if err := to.Append(entries); err != nil {
			return err
		}
	}
	if to.Head().Leaf != head.Leaf {
		return fmt.Errorf("entry %d is not the one that central signed for", head.Seq)
	}
	return nil
}
