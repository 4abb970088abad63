package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/reference"
	"gatehouse/central/store"
	"gatehouse/ledger"
)

// verifyPage is the proof of a log, made at this moment.
type verifyPage struct {
	Station stationRow
	Tab     string
	Result  *verified
}

// verified is what was found.
type verified struct {
	Entries uint64
	Took    time.Duration
	Totals  ledger.Totals
	Problem string // empty: it holds
}

func (c *Console) verifyAsk(w http.ResponseWriter, r *http.Request) { c.showVerify(w, r, nil) }

func (c *Console) showVerify(w http.ResponseWriter, r *http.Request, result *verified) {
	log, ok := c.log(w, r)
	if !ok {
		return
	}
	station, err := c.about(r, log)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "verify", frame{Title: "Verify station " + string(log.Identity.Station), At: "/", Page: verifyPage{station, "verify", result}})
}

// verifyNow reads the whole log, and is a form so that a link does not set it off.
func (c *Console) verifyNow(w http.ResponseWriter, r *http.Request, _ book.Session) (string, error) {
	log, ok := c.log(w, r)
	if !ok {
		return "", nil
	}
	began := time.Now()
	result, err := c.verify(r.Context(), log)
	if err != nil {
		return "", err
	}
	result.Took = time.Since(began).Round(time.Millisecond)
	c.showVerify(w, r, &result)
	return "", nil
}

// verify proves the chain from the first entry to the head, that the head is the one
// the store tells stations of, and that the totals run on without a jump.
func (c *Console) verify(ctx context.Context, log store.Log) (v verified, err error) {
	var broken *store.Broken
	for e, err := range store.Chained(ctx, c.o.Store, log, 1, log.Head.Seq) {
		switch {
		case errors.As(err, &broken):
			v.Problem = broken.What.Error()
			return v, nil
		case err != nil:
			return v, err
		case e.Totals.Taken < v.Totals.Taken || e.Totals.Returned < v.Totals.Returned || e.Totals.Receipts < v.Totals.Receipts || e.Totals.Receipts > v.Totals.Receipts+1:
			v.Problem = fmt.Sprintf("the totals jump at entry %d", e.Seq)
			return v, nil
		}
		v.Totals, v.Entries = e.Totals, e.Seq
	}
	if v.Entries != log.Head.Seq || v.Totals != log.Head.Totals {
		v.Problem = "the last entry is not the head that central signed for"
	}
	return v, nil
}

// retentionPage says how long things are kept.
type retentionPage struct {
	Evidence, Versions, Hours int
}

func (c *Console) retention(w http.ResponseWriter, r *http.Request) {
	p := retentionPage{store.MaxEvidence, reference.KeepLast, int(reference.DropTime.Hours())}
	c.show(w, r, http.StatusOK, "retention", frame{Title: "Retention", At: "/retention", Page: p})
}

func (c *Console) acts(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/logs/"+c.o.Book.Log().String(), http.StatusSeeOther)
}
