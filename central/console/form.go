package console

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"

	"gatehouse/central/book"
	"gatehouse/ledger"
)

// maxForm bounds a form, in bytes. A file is not sent through this door.
const maxForm = 64 << 10

// readForm reads a form; false means that it was answered.
func (c *Console) readForm(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			c.trouble(w, r, http.StatusRequestEntityTooLarge, "This form is too long. Nothing was done.")
			return false
		}
		c.trouble(w, r, http.StatusBadRequest, "This form could not be read. Nothing was done.")
		return false
	}
	return true
}

// doing carries out an act and says where to go then, with what was done; empty if it
// wrote a page itself.
type doing func(w http.ResponseWriter, r *http.Request, who book.Session) (to string, err error)

// act makes the handler of a form. What a rule refuses is told on the page the form
// is on, with what was typed.
func (c *Console) act(path string, page http.HandlerFunc, do doing) {
	c.mux.HandleFunc("POST "+path, c.signedIn(func(w http.ResponseWriter, r *http.Request) {
		if !c.readForm(w, r) {
			return
		}
		who, _ := sessionOf(r)
		if subtle.ConstantTimeCompare([]byte(r.PostForm.Get("form")), []byte(who.Form)) != 1 {
			c.o.Log.Warn("a form without its session's token", "path", r.URL.Path, "operator", who.Operator, "from", r.RemoteAddr)
			c.trouble(w, r, http.StatusForbidden, "This form does not belong to your session. Nothing was done. Open the page again.")
			return
		}
		to, err := do(w, r, who)
		switch {
		case err != nil && page != nil:
			c.again(w, r, err, page)
		case err != nil:
			c.fail(w, r, err)
		case to != "":
			http.Redirect(w, r, to, http.StatusSeeOther)
		}
	}))
}

type refusedKey struct{}

// refused is why an act was not done.
type refused struct {
	Sentence string
	Field    string
	typed    url.Values
}

// again shows a form's page with the refusal; what is no refusal is a failure.
func (c *Console) again(w http.ResponseWriter, r *http.Request, err error, page http.HandlerFunc) {
	refusal, ok := ledger.AsRefusal(err)
	if !ok {
		c.fail(w, r, err)
		return
	}
	told := &refused{sentence(refusal), refusal.Field, r.PostForm}
	page(w, r.WithContext(context.WithValue(r.Context(), refusedKey{}, told)))
}

// sentence is a refusal in words.
func sentence(r *ledger.Refusal) string { return r.Error() }
