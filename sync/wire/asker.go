package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gatehouse/ledger"
)

// Asker reads from central what takes a token: for a station, or for an office's relay.
// It is not for several goroutines at once.
type Asker struct {
	URL    string
	Client *http.Client
	Signer ledger.Signer // of the log that asks
	Log    ledger.LogID
	Clock  ledger.Clock

	token string
	until time.Time
}

var (
	// ErrSame: what is there has the name that was asked with.
	ErrSame = errors.New("it is the one that is here")
	// ErrNoReference: this feed was not published, or there is no such chunk.
	ErrNoReference = errors.New("central gives no such reference data")
)

// Refused is an answer that says why not.
type Refused struct {
	Answer
	After time.Duration // not to be asked before; 0 where it says nothing
}

func (r *Refused) Error() string { return fmt.Sprintf("%s: %s", r.Problem, r.Text) }

// How long a request may take, and how long a token is trusted to be good, should the
// clock be put back.
const (
	askTime      = time.Minute
	longestToken = time.Hour
)

// Get asks for something and gives its bytes. tag is the hash of what is here already;
// empty is nothing. An old token is changed for a new one once. The error is ErrSame,
// ErrNoReference, a *Refused, or wraps ErrSize or ErrMalformed; any other says that
// nobody answered.
func (a *Asker) Get(ctx context.Context, path, tag string, most int64) ([]byte, error) {
	for again := false; ; again = true {
		if now := a.Clock(); a.token == "" || now.After(a.until) || a.until.Sub(now) > longestToken {
			if err := a.session(ctx); err != nil {
				return nil, err
			}
		}
		content, err := a.ask(ctx, http.MethodGet, path, tag, nil, most)
		var refused *Refused
		if again || !errors.As(err, &refused) || refused.Problem != ProblemToken {
			return content, err
		}
		a.token = ""
	}
}

// session proves that the log's key is here, and gets a token.
func (a *Asker) session(ctx context.Context) error {
	a.token = ""
	content, err := a.ask(ctx, http.MethodGet, PathChallenge, "", nil, MaxSession)
	if err != nil {
		return err
	}
	challenge, err := ReadChallenge(bytes.NewReader(content))
	if err != nil {
		return err
	}
	body, err := json.Marshal(NewSession(a.Signer, a.Log, challenge))
	if err != nil {
		return fmt.Errorf("write the answer to a challenge: %w", err)
	}
	if content, err = a.ask(ctx, http.MethodPost, PathSession, "", body, MaxSession); err != nil {
		return err
	}
	token, err := ReadToken(bytes.NewReader(content))
	if err != nil {
		return err
	}
	// A little less than central says: the answer was on its way for a while.
	good := min(time.Duration(token.Seconds)*time.Second*9/10, longestToken)
	a.token, a.until = token.Token, a.Clock().Add(good)
	return nil
}

func (a *Asker) ask(ctx context.Context, method, path, tag string, body []byte, most int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(a.URL, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("ask central: %w", err)
	}
	if a.token != "" {
		request.Header.Set("Authorization", TokenScheme+" "+a.token)
	}
	if tag != "" {
		request.Header.Set("If-None-Match", `"`+tag+`"`)
	}
	response, err := a.Client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask central: %w", err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		content, err := io.ReadAll(io.LimitReader(response.Body, most+1))
		if err != nil {
			return nil, fmt.Errorf("read central's answer: %w", err)
		}
		if int64(len(content)) > most {
			return nil, fmt.Errorf("%s: more than %d bytes: %w", path, most, ErrSize)
		}
		return content, nil
	case http.StatusNotModified:
		return nil, ErrSame
	}
	return nil, whyNot(response)
}

// whyNot reads why central does not give what it was asked for.
func whyNot(response *http.Response) error {
	a, err := ReadAnswer(response.Body)
	switch {
	case err != nil && response.StatusCode == http.StatusNotFound:
		return ErrNoReference // a central that knows nothing of this
	case err != nil:
		return fmt.Errorf("status %s: %w", response.Status, err)
	case a.Problem == ProblemNoReference:
		return ErrNoReference
	}
	return &Refused{a, RetryAfter(response.Header)}
}

// RetryAfter is how long central asks to wait, in whole seconds (RFC 9110, 10.2.3), at
// most LastRetry. It is 0 where central says nothing, or a date.
func RetryAfter(h http.Header) time.Duration {
	seconds, err := strconv.ParseUint(h.Get("Retry-After"), 10, 32)
	if err != nil {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, LastRetry)
}
