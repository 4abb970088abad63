package console

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/ledger"
)

// readPages parses every page into the frame.
func readPages() (map[string]*template.Template, error) {
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	pages := make(map[string]*template.Template)
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "frame" || name == "parts" {
			continue
		}
		page, err := template.New("frame.html").Funcs(functions()).ParseFS(files, "pages/frame.html", "pages/parts.html", file)
		if err != nil {
			return nil, err
		}
		pages[name] = page
	}
	return pages, nil
}

// area is a word in the bar, with the pages behind it.
type area struct {
	Name  string
	Pages []place
}

// place is a page that has a link of its own.
type place struct{ Name, Path string }

// areas are the bar; a relay has no page of what central alone does.
func areas(relay bool) []area {
	bar := []area{
		{"Stations", []place{{"Stations", "/"}, {"Enrolment", "/enrolment"}}},
		{"Money", []place{{"Where it is", "/money"}, {"Takings", "/takings"}, {"Over and short", "/over-short"}, {"Voids and approvals", "/approvals"}, {"Deposits", "/deposits"}}},
		{"To look at", []place{{"Exceptions", "/exceptions"}, {"Fraud watch", "/watch"}}},
		{"On site", []place{{"On site", "/site"}}},
		{"Files", []place{{"Payments to billing", "/files"}, {"Customers and staff", "/reference"}, {"General ledger", "/gl"}}},
		{"Office", []place{{"Staff", "/staff"}, {"People", "/people"}, {"Retention", "/retention"}, {"Acts", "/acts"}}},
	}
	if !relay {
		return bar
	}
	bar[0].Pages = bar[0].Pages[:1]
	return slices.DeleteFunc(bar, func(a area) bool { return a.Name == "Files" })
}

// frame is what every page has.
type frame struct {
	Title   string
	At      string // path of the place it belongs to; empty is none
	Refresh int    // seconds until the page loads itself again; 0 is never
	Page    any

	// What follows is filled in by show.
	Now     time.Time
	Session *book.Session // nil: nobody is signed in
	Areas   []area
	Area    string
	Said    string // what was done, after an act
	Refused *refused
}

// Form is the token that every form of the page carries.
func (f frame) Form() string {
	if f.Session == nil {
		return ""
	}
	return f.Session.Form
}

// May says whether who is signed in has a right; forms of others are not shown.
func (f frame) May(right string) bool {
	return f.Session != nil && f.Session.Role.May(book.Right(right))
}

// Places are the links of the page's area.
func (f frame) Places() []place {
	for _, a := range f.Areas {
		if a.Name == f.Area && len(a.Pages) > 1 {
			return a.Pages
		}
	}
	return nil
}

// Leads says whether the bar has a page.
func (f frame) Leads(path string) bool {
	return slices.ContainsFunc(f.Areas, func(a area) bool {
		return slices.ContainsFunc(a.Pages, func(p place) bool { return p.Path == path })
	})
}

// Typed is what stood in a field of a form that was refused, so that nobody types
// it twice. A password is not given back.
func (f frame) Typed(field string) string {
	if f.Refused == nil || strings.Contains(field, "password") {
		return ""
	}
	return f.Refused.typed.Get(field)
}

// Wrong says whether a field is what was refused.
func (f frame) Wrong(field string) bool { return f.Refused != nil && f.Refused.Field == field }

// said says what an act did, by the name it put into the address.
func said(name string) string {
	return map[string]string{
		"withdrawn": "The code is withdrawn.",
		"revoked":   "The station is revoked. What it sends from now on is kept apart.",
		"approved":  "The station is approved. What it sends is taken in again.",
		"set":       "The operator is set.",
		"workedoff": "It is worked off.",
		"written":   "The file is written.",
		"published": "It is in force. Stations fetch it within a minute.",
		"signedout": "You are signed out.",
		"begun":     "The first administrator is set. Sign in.",
	}[name]
}

// show writes a page as a whole or not at all.
func (c *Console) show(w http.ResponseWriter, r *http.Request, status int, name string, f frame) {
	f.Now = c.o.Clock()
	f.Said = said(r.URL.Query().Get("done"))
	if s, ok := sessionOf(r); ok {
		f.Session, f.Areas = &s, areas(c.o.Relay)
		for _, a := range f.Areas {
			for _, p := range a.Pages {
				if p.Path == f.At {
					f.Area = a.Name
				}
			}
		}
	}
	if again, ok := r.Context().Value(refusedKey{}).(*refused); ok {
		f.Refused, f.Refresh, status = again, 0, http.StatusUnprocessableEntity
	}
	var out bytes.Buffer
	if err := c.pages[name].Execute(&out, f); err != nil {
		c.o.Log.Error("write a page", "page", name, "err", err)
		http.Error(w, "This page could not be written.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(out.Bytes())
}

func (c *Console) trouble(w http.ResponseWriter, r *http.Request, status int, text string) {
	// What was refused is told by this page alone.
	r = r.WithContext(context.WithValue(r.Context(), refusedKey{}, nil))
	c.show(w, r, status, "trouble", frame{Title: http.StatusText(status), Page: text})
}

// fail answers an error of the store, or what a page's address asks for wrongly.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, store.ErrUnknownLog) {
		c.trouble(w, r, http.StatusNotFound, "Central does not know this station.")
		return
	}
	if refusal, ok := ledger.AsRefusal(err); ok {
		c.trouble(w, r, http.StatusBadRequest, sentence(refusal))
		return
	}
	if r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	c.o.Log.Error("make a page", "path", r.URL.Path, "err", err)
	c.trouble(w, r, http.StatusInternalServerError, "Central's store could not be read. Its log says why.")
}

// log finds the log a page is about.
func (c *Console) log(w http.ResponseWriter, r *http.Request) (store.Log, bool) {
	id, err := ledger.ParseLogID(r.PathValue("log"))
	if err != nil {
		c.fail(w, r, store.ErrUnknownLog)
		return store.Log{}, false
	}
	log, err := c.o.Store.Log(r.Context(), id)
	if err != nil {
		c.fail(w, r, err)
		return log, false
	}
	return log, true
}

// number reads a number of an address; 0 for none or a wrong one.
func number(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0
	}
	return n
}
