package console

import (
	"net/http"

	"gatehouse/central/book"
	"gatehouse/ledger"
)

// peoplePage is who may do what at central.
type peoplePage struct {
	Operators []book.Operator
	Roles     []book.Role
	Rights    []book.Right
	Least     int // characters of a password
}

func (c *Console) people(w http.ResponseWriter, r *http.Request) {
	p := peoplePage{Roles: book.Roles(), Rights: book.Rights(), Least: book.MinPassword}
	if err := c.o.Book.See(r.Context(), func(f *book.Facts) { p.Operators = f.Operators() }); err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "people", frame{Title: "People", At: "/people", Page: p})
}

// setOperator adds an operator or changes one; whoever is not an administrator
// changes their own password only, which the book sees to.
func (c *Console) setOperator(w http.ResponseWriter, r *http.Request, who book.Session) (string, error) {
	if err := samePassword(r.PostForm); err != nil {
		return "", err
	}
	set := book.OperatorSet{Name: r.PostForm.Get("name"), Role: book.Role(r.PostForm.Get("role")), Gone: r.PostForm.Get("gone") != ""}
	password := r.PostForm.Get("password")
	if set.Name == who.Operator && password != "" {
		err := c.o.Book.Prove(r.Context(), who.Operator, r.PostForm.Get("old"), from(r))
		if refusal, ok := ledger.AsRefusal(err); ok {
			return "", refusal.At("old")
		} else if err != nil {
			return "", err
		}
	}
	if err := c.o.Book.SetOperator(r.Context(), who.Operator, set, password); err != nil {
		return "", err
	}
	return "/people?done=set", nil
}
