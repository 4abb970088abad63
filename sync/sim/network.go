package sim

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// line is a station's way to central, as its http.Client sees it.
type line struct{ m *machine }

var errLine = errors.New("the line is dead")

// maxLate is how long a packet may wander about.
const maxLate = 6 * time.Hour

func (l line) RoundTrip(r *http.Request) (*http.Response, error) {
	m, w := l.m, l.m.w
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	ctx := context.WithoutCancel(r.Context())
	w.n.Requests++
	w.pass(20*time.Millisecond + w.within(400*time.Millisecond))
	if m.cutUntil.After(w.now()) || !w.house.up() {
		return nil, errLine
	}
	if w.chance(150) && m.up() && m.book.Head().Seq > 1 {
		m.pays(ctx, false) // while the request is on its way
	}
	if w.chance(20) {
		w.n.Lost++
		return nil, errLine
	}
	sent := body
	switch {
	case w.chance(15) && len(body) > 0:
		w.n.Cut++
		sent = body[:w.random.IntN(len(body))]
	case w.chance(15) && len(body) > 0:
		w.n.Altered++
		sent = bytes.Clone(body)
		sent[w.random.IntN(len(sent))] ^= byte(1 + w.random.IntN(255))
	case w.chance(15):
		w.n.Late++
		w.in(w.within(maxLate), func() {
			if w.house.up() {
				answer := w.house.answers(ctx, r, body)
				w.note(m.name, "an old %s comes again: %d", r.URL.Path, answer.StatusCode)
			}
		})
	}
	if w.chance(12) {
		w.house.watched, w.house.before = true, nil
		w.house.answers(ctx, r, sent)
		w.house.powerCut(ctx)
		return nil, errLine
	}
	answer := w.house.answers(ctx, r, sent)
	if w.chance(15) {
		w.n.Repeated++
		answer = w.house.answers(ctx, r, sent)
	}
	switch {
	case w.chance(20):
		w.n.Replies++
		return nil, errLine
	case w.chance(10):
		w.n.Altered++
		text, _ := io.ReadAll(answer.Body)
		if len(text) > 0 {
			text[w.random.IntN(len(text))] ^= byte(1 + w.random.IntN(255))
		}
		answer.Body = io.NopCloser(bytes.NewReader(text))
	}
	return answer, nil
}

// answers is what central's door says to a request.
func (h *house) answers(ctx context.Context, r *http.Request, body []byte) *http.Response {
	again := r.Clone(ctx)
	again.Body, again.ContentLength, again.RemoteAddr = io.NopCloser(bytes.NewReader(body)), int64(len(body)), "192.0.2.1:1"
	a := &answer{header: http.Header{}, status: http.StatusOK}
	h.door.ServeHTTP(a, again)
	return &http.Response{StatusCode: a.status, Status: http.StatusText(a.status), Header: a.header, Body: io.NopCloser(&a.body), Request: r}
}

// answer is an http.ResponseWriter in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
