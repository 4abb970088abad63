package console

import (
	"net/http"
	"slices"

	"gatehouse/central/book"
	"gatehouse/central/exception"
	"gatehouse/ledger"
)

// exceptionsPage lists what has to be worked off, and below what was.
type exceptionsPage struct {
	Open   []exception.Exception
	Done   []doneRow
	Behind uint64 // entries that are not judged yet
}

// doneRow is an exception that somebody worked off.
type doneRow struct {
	book.Work
	Where []exception.Place
}

// most bounds the rows of a list on one page.
const most = 500

func (c *Console) exceptions(w http.ResponseWriter, r *http.Request) {
	p, err := c.findExceptions(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "exceptions", frame{Title: "Exceptions", At: "/exceptions", Page: p})
}

func (c *Console) findExceptions(r *http.Request) (p exceptionsPage, err error) {
	if p.Behind, err = c.o.Judge.Behind(r.Context()); err != nil {
		return p, err
	}
	found := c.o.Judge.List()
	err = c.o.Book.See(r.Context(), func(f *book.Facts) {
		where := make(map[string][]exception.Place, len(found))
		for _, e := range found {
			where[e.ID] = e.Where
			if _, done := f.WorkedOff(e.ID); !done && len(p.Open) < most {
				p.Open = append(p.Open, e)
			}
		}
		for id, done := range f.Work() {
			p.Done = append(p.Done, doneRow{done, where[id]})
		}
	})
	slices.SortFunc(p.Done, func(a, b doneRow) int { return b.At.Compare(a.At) })
	p.Done = p.Done[:min(len(p.Done), most)]
	return p, err
}

// workOff keeps the sentence that central found, not one that the form brings.
func (c *Console) workOff(_ http.ResponseWriter, r *http.Request, who book.Session) (string, error) {
	id := r.PostForm.Get("exception")
	found := c.o.Judge.List()
	at := slices.IndexFunc(found, func(e exception.Exception) bool { return e.ID == id })
	if at < 0 {
		return "", ledger.Refuse("central.no_exception", "There is no such exception any more.")
	}
	done := book.WorkedOff{Exception: id, What: found[at].What, Reason: r.PostForm.Get("reason")}
	return "/exceptions?done=workedoff", c.o.Book.WorkOff(r.Context(), who.Operator, done)
}
