package console

import (
	"crypto/subtle"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/reference"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// referencePage is the versions that were published, and the form of the next one.
type referencePage struct {
	Versions []book.Publication // the newest first
	InForce  map[string]uint64  // version by feed
	Billed   []book.File        // payment files, the newest first
	Feeds    []string
	Now      string // as the form's field of a time has it
	Zone     string
}

// AsOf is when a version was true.
func (referencePage) AsOf(p book.Publication) time.Time {
	return time.UnixMicro(p.Published.AsOf).UTC()
}

// atForm is how a browser sends a time.
const atForm = "2006-01-02T15:04"

func (c *Console) referenceData(w http.ResponseWriter, r *http.Request) {
	p := referencePage{InForce: map[string]uint64{}, Feeds: reference.Feeds(), Now: c.o.Clock().In(c.zone()).Format(atForm), Zone: c.zone().String()}
	err := c.o.Book.See(r.Context(), func(f *book.Facts) {
		p.Versions, p.Billed = slices.Clone(f.References()), slices.Clone(f.Files())
		for _, feed := range p.Feeds {
			last, _ := f.Reference(feed)
			p.InForce[feed] = last.Version
		}
	})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	slices.Reverse(p.Versions)
	slices.Reverse(p.Billed)
	p.Versions, p.Billed = p.Versions[:min(len(p.Versions), most)], p.Billed[:min(len(p.Billed), most)]
	c.show(w, r, http.StatusOK, "reference", frame{Title: "Customers and staff", At: "/reference", Page: p})
}

// How long a part of a file may take to come, and the whole of it to be read.
const (
	partTime   = time.Minute
	importTime = time.Hour
)

// readReference takes a file in and keeps its draft. Unlike other forms this one is as
// large as a file: it is read as it comes, its own fields first.
func (c *Console) readReference(w http.ResponseWriter, r *http.Request) {
	who, _ := sessionOf(r)
	select {
	case c.reading <- struct{}{}:
		defer func() { <-c.reading }()
	default:
		c.trouble(w, r, http.StatusServiceUnavailable, "Somebody else has a file read at this moment. Nothing was done; try again when that is over.")
		return
	}
	name, err := c.readUpload(w, r, who)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		c.trouble(w, r, http.StatusRequestEntityTooLarge, "This file is too large. Nothing was done.")
	case errors.Is(err, errToken):
		c.o.Log.Warn("a form without its session's token", "path", r.URL.Path, "operator", who.Operator, "from", r.RemoteAddr)
		c.trouble(w, r, http.StatusForbidden, "This form does not belong to your session. Nothing was done. Open the page again.")
	case errors.Is(err, errUpload):
		c.trouble(w, r, http.StatusBadRequest, "This form could not be read. Nothing was done.")
	case err != nil:
		c.again(w, r, err, c.referenceData)
	default:
		http.Redirect(w, r, "/reference/drafts/"+name.String(), http.StatusSeeOther)
	}
}

var (
	errToken  = errors.New("the form is not of this session")
	errUpload = errors.New("the form cannot be read")
)

// patient gives a slow line time, as long as something comes.
type patient struct {
	io.Reader
	control *http.ResponseController
}

func (p patient) Read(b []byte) (int, error) {
	// A server that cannot set it has none.
	_ = p.control.SetReadDeadline(time.Now().Add(partTime))
	return p.Reader.Read(b)
}

func (c *Console) readUpload(w http.ResponseWriter, r *http.Request, who book.Session) (wire.Hash, error) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(importTime))
	r.Body = struct {
		io.Reader
		io.Closer
	}{patient{http.MaxBytesReader(w, r.Body, reference.MaxFile+maxForm), control}, r.Body}
	parts, err := r.MultipartReader()
	if err != nil {
		return wire.Hash{}, errUpload
	}
	r.PostForm = url.Values{}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return wire.Hash{}, errors.Join(errUpload, err)
		}
		if part.FormName() == "file" {
			return c.readPart(r, who, part)
		}
		text, err := io.ReadAll(io.LimitReader(part, maxForm+1))
		if err != nil || len(text) > maxForm || len(r.PostForm) > 10 {
			return wire.Hash{}, errors.Join(errUpload, err)
		}
		r.PostForm.Set(part.FormName(), string(text))
	}
}

// readPart reads the file itself, after what the form says of it.
func (c *Console) readPart(r *http.Request, who book.Session, file *multipart.Part) (name wire.Hash, err error) {
	form := r.PostForm
	if subtle.ConstantTimeCompare([]byte(form.Get("form")), []byte(who.Form)) != 1 {
		return name, errToken
	}
	var right error
	err = c.o.Book.See(r.Context(), func(f *book.Facts) { right = f.Must(who.Operator, book.MayReference) })
	if err = errors.Join(err, right); err != nil {
		return name, err
	}
	var ask reference.Ask
	if ask.Mapping, err = reference.ParseMapping([]byte(form.Get("mapping"))); err != nil {
		return name, ledger.Refuse("central.import_mapping", "{why}", "why", err.Error()).At("mapping")
	}
	if ask.AsOf, err = time.ParseInLocation(atForm, form.Get("as_of"), c.zone()); err != nil {
		return name, ledger.Refuse("central.import_as_of", "Say when the balances were true.").At("as_of")
	}
	if ask.Billed, err = strconv.Atoi(form.Get("billed")); err != nil {
		return name, ledger.Refuse("central.no_such_file", "Choose the last payment file that these balances count.").At("billed")
	}
	name, _, err = c.o.References.Read(r.Context(), ask, file)
	return name, err
}

// draftPage is what was read of a file, before it is in force.
type draftPage struct {
	reference.Draft
	Name  wire.Hash
	Shown int
	At    time.Time
}

func (c *Console) referenceDraft(w http.ResponseWriter, r *http.Request) {
	name, err := wire.ParseHash(r.PathValue("draft"))
	var d reference.Draft
	if err == nil {
		d, err = c.o.References.Draft(r.Context(), name)
	}
	if errors.Is(err, wire.ErrMalformed) {
		c.trouble(w, r, http.StatusNotFound, "There is no such page.")
		return
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	p := draftPage{Draft: d, Name: name, Shown: len(d.Refusals), At: time.UnixMicro(d.AsOf).UTC()}
	c.show(w, r, http.StatusOK, "draft", frame{Title: "What was read", At: "/reference", Page: p})
}

// publish puts a draft in force.
func (c *Console) publish(_ http.ResponseWriter, r *http.Request, who book.Session) (string, error) {
	name, err := wire.ParseHash(strings.TrimSpace(r.PathValue("draft")))
	if err != nil {
		return "", ledger.Refuse("central.draft_over", "This is not there any more. Read the file again.")
	}
	if _, err := c.o.References.Publish(r.Context(), who.Operator, name, r.PostForm.Get("confirmed") != ""); err != nil {
		return "", err
	}
	return "/reference?done=published", nil
}
