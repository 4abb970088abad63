package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gatehouse/central/billing"
	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// filesPage is the payment files, and the form of the next one.
type filesPage struct {
	Files    []book.File // the newest first
	Entries  uint64      // that no file has yet
	Stations int
	Layouts  []*billing.Layout
}

// Layout is the name of a file's layout.
func (filesPage) Layout(f book.File) string { return billing.LayoutName(f) }

func (c *Console) billingFiles(w http.ResponseWriter, r *http.Request) {
	var p filesPage
	pending, err := c.office.Pending(r.Context())
	if err == nil {
		p.Entries, p.Stations = pending.Entries, len(pending.Ranges)
		p.Layouts, err = billing.Layouts(c.o.Layouts)
	}
	if err == nil {
		err = c.o.Book.See(r.Context(), func(f *book.Facts) { p.Files = slices.Clone(f.Files()) })
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	slices.Reverse(p.Files)
	p.Files = p.Files[:min(len(p.Files), most)]
	c.show(w, r, http.StatusOK, "files", frame{Title: "Payment files", At: "/files", Page: p})
}

func (c *Console) writeFile(_ http.ResponseWriter, r *http.Request, who book.Session) (string, error) {
	all, err := billing.Layouts(c.o.Layouts)
	if err != nil {
		return "", err
	}
	name := r.PostForm.Get("layout")
	at := slices.IndexFunc(all, func(l *billing.Layout) bool { return l.Name == name })
	if at < 0 {
		return "", ledger.Refuse("central.layout", "Choose a layout.").At("layout")
	}
	_, err = c.office.Write(r.Context(), who.Operator, all[at])
	return "/files?done=written", err
}

func (c *Console) fileAgain(w http.ResponseWriter, r *http.Request) {
	name, text, err := c.office.Again(r.Context(), int(min(number(r.PathValue("no")), 1<<30)))
	if errors.Is(err, billing.ErrNoFile) {
		c.trouble(w, r, http.StatusNotFound, "There is no payment file of this number.")
		return
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	attach(w, name, text)
}

// attach answers with a file to keep.
func attach(w http.ResponseWriter, name string, text []byte) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.Write(text)
}

// glPage is the form of a file for the general ledger.
type glPage struct {
	Stations []store.Log
	Forms    []string
	Period   report.Period
}

func (c *Console) gl(w http.ResponseWriter, r *http.Request) {
	logs, err := c.stationLogs(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "gl", frame{Title: "General ledger", At: "/gl", Page: glPage{logs, billing.GLForms(), report.Month(c.today())}})
}

func (c *Console) writeGL(w http.ResponseWriter, r *http.Request, who book.Session) (string, error) {
	ask := billing.GL{Form: r.PostForm.Get("as")}
	var err error
	if ask.Period, err = periodOf(r.PostForm, c.today()); err != nil {
		return "", err
	}
	if s := r.PostForm.Get("station"); s != "" {
		if ask.Station, err = ledger.ParseLogID(s); err != nil {
			return "", store.ErrUnknownLog
		}
	}
	name, text, err := c.office.WriteGL(r.Context(), who.Operator, c.o.Replicas, ask)
	if err == nil {
		attach(w, name, text)
	}
	return "", err
}

// periodOf reads from and to of a form; without them it is the month of today.
func periodOf(form url.Values, today ledger.Date) (report.Period, error) {
	p := report.Month(today)
	for _, f := range []struct {
		name string
		to   *ledger.Date
	}{{"from", &p.From}, {"to", &p.To}} {
		if form.Get(f.name) == "" {
			continue
		}
		d, err := parseDate(form.Get(f.name))
		if err != nil {
			return p, err
		}
		*f.to = d
	}
	return p, p.Check()
}
