package console

import (
	"encoding/hex"
	"net/http"
	"time"

	"gatehouse/central/book"
	"gatehouse/ledger"
)

// enrolmentPage lists the codes that are out.
type enrolmentPage struct {
	Codes []codeRow
	// Fresh is a code that was just issued, shown this once.
	Fresh string
	// Pin is what whoever sets a station up compares; empty: nothing.
	Pin string
	For string
}

type codeRow struct {
	book.Code
	Left time.Duration
}

// Key names the code in a form; it is not the code.
func (r codeRow) Key() string { return hex.EncodeToString(r.Hash[:]) }

func (c *Console) enrolment(w http.ResponseWriter, r *http.Request) {
	c.showCodes(w, r, enrolmentPage{})
}

func (c *Console) showCodes(w http.ResponseWriter, r *http.Request, p enrolmentPage) {
	now := c.o.Clock()
	p.Pin = c.o.Pin
	err := c.o.Book.See(r.Context(), func(f *book.Facts) {
		for _, code := range f.Codes(now) {
			p.Codes = append(p.Codes, codeRow{code, code.Until.Sub(now)})
		}
	})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "enrolment", frame{Title: "Enrolment", At: "/enrolment", Page: p})
}

// issueCode shows the code in its answer and nowhere else: nothing keeps it.
func (c *Console) issueCode(w http.ResponseWriter, r *http.Request, who book.Session) (string, error) {
	name := r.PostForm.Get("name")
	code, err := c.o.Book.IssueCode(r.Context(), who.Operator, name)
	if err != nil {
		return "", err
	}
	c.showCodes(w, r, enrolmentPage{Fresh: code, For: name})
	return "", nil
}

func (c *Console) withdrawCode(w http.ResponseWriter, r *http.Request, who book.Session) (string, error) {
	raw, err := hex.DecodeString(r.PostForm.Get("code"))
	var hash book.Secret
	if err != nil || len(raw) != len(hash) {
		return "", ledger.Refuse("central.code_gone", "This code is used or over already.")
	}
	copy(hash[:], raw)
	return "/enrolment?done=withdrawn", c.o.Book.WithdrawCode(r.Context(), who.Operator, hash)
}
