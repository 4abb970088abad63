package console

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"gatehouse/central/book"
	"gatehouse/ledger"
)

type sessionKey struct{}

// sessionOf is who asked for a page.
func sessionOf(r *http.Request) (book.Session, bool) {
	s, ok := r.Context().Value(sessionKey{}).(book.Session)
	return s, ok
}

// signedIn lets only those pass who are signed in. A page that loads itself again
// does not count as use.
func (c *Console) signedIn(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, used, ok := c.readCookie(r)
		var s book.Session
		if ok {
			var err error
			if s, ok, err = c.o.Book.Session(r.Context(), token); err != nil {
				c.fail(w, r, err)
				return
			}
		}
		if !ok {
			c.notSignedIn(w, r)
			return
		}
		if c.o.Clock().Sub(used) > renewAfter && !r.URL.Query().Has("again") {
			c.setCookie(w, r, token)
		}
		h(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, s)))
	}
}

// notSignedIn leads to the door, and back to the page afterwards. Who never set an
// operator is led to the set-up.
func (c *Console) notSignedIn(w http.ResponseWriter, r *http.Request) {
	empty, err := c.nobodyYet(r.Context())
	switch {
	case err != nil:
		c.fail(w, r, err)
	case empty && c.o.SetupFile != "":
		http.Redirect(w, r, "/setup", http.StatusSeeOther)
	case r.Method == http.MethodGet && r.URL.Path != "/":
		http.Redirect(w, r, "/sign-in?to="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
	default:
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	}
}

// signInForm is the page of the door.
type signInForm struct{ To string }

func (c *Console) signInPage(w http.ResponseWriter, r *http.Request) {
	c.show(w, r, http.StatusOK, "signin", frame{Title: "Sign in", Page: signInForm{inside(r.FormValue("to"))}})
}

// inside is where to go after signing in: a page of ours, never another site.
func inside(to string) string {
	if u, err := url.Parse(to); err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`) {
		return "/"
	}
	return to
}

const (
	// maxTries bounds how many passwords are checked at the same time: each takes 64
	// MiB and a tenth of a second.
	maxTries = 2
	// tryTime is how long one more waits for that.
	tryTime = 5 * time.Second
)

var errBusy = errors.New("too many people sign in at this moment")

func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	if !c.readForm(w, r) {
		return
	}
	token, err := c.try(r)
	if errors.Is(err, errBusy) {
		w.Header().Set("Retry-After", "5")
		c.trouble(w, r, http.StatusTooManyRequests, "Too many people sign in at this moment. Try again in a few seconds.")
		return
	}
	if err != nil {
		c.again(w, r, err, c.signInPage)
		return
	}
	c.setCookie(w, r, token)
	http.Redirect(w, r, inside(r.PostForm.Get("to")), http.StatusSeeOther)
}

func (c *Console) try(r *http.Request) (token string, err error) {
	wait := time.NewTimer(tryTime)
	defer wait.Stop()
	select {
	case c.tries <- struct{}{}:
		defer func() { <-c.tries }()
	case <-wait.C:
		return "", errBusy
	case <-r.Context().Done():
		return "", r.Context().Err()
	}
	return c.o.Book.SignIn(r.Context(), r.PostForm.Get("name"), r.PostForm.Get("password"), from(r))
}

// from is the browser's address, for the record.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

func (c *Console) signOut(w http.ResponseWriter, r *http.Request, _ book.Session) (string, error) {
	token, _, ok := c.readCookie(r)
	if ok {
		if err := c.o.Book.SignOut(r.Context(), token); err != nil {
			return "", err
		}
	}
	c.setCookie(w, r, "")
	return "/sign-in?done=signedout", nil
}

// nobodyYet says whether no operator was ever set.
func (c *Console) nobodyYet(ctx context.Context) (empty bool, err error) {
	err = c.o.Book.See(ctx, func(f *book.Facts) { empty = len(f.Operators()) == 0 })
	return empty, err
}

// prepareSetup writes the set-up code, which only who reads central's folder knows;
// or removes it, once it is worthless.
func (c *Console) prepareSetup() error {
	if c.o.SetupFile == "" {
		return nil
	}
	empty, err := c.nobodyYet(context.Background())
	if err != nil {
		return err
	}
	if !empty {
		return c.endSetup()
	}
	if _, err := os.Stat(c.o.SetupFile); err == nil {
		return nil // of an earlier start
	}
	if err := ledger.WriteFile(c.o.SetupFile, []byte(rand.Text()+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the set-up code: %w", err)
	}
	c.o.Log.Warn("nobody may sign in yet: open the console and type the code that is in this file", "file", c.o.SetupFile)
	return nil
}

func (c *Console) endSetup() error {
	if err := os.Remove(c.o.SetupFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the set-up code: %w", err)
	}
	return nil
}

func (c *Console) setupPage(w http.ResponseWriter, r *http.Request) {
	empty, err := c.nobodyYet(r.Context())
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if !empty || c.o.SetupFile == "" {
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
		return
	}
	c.show(w, r, http.StatusOK, "setup", frame{Title: "Set up", Page: struct{ Least int }{book.MinPassword}})
}

// setup makes the first operator, for whoever knows the code in the file.
func (c *Console) setup(w http.ResponseWriter, r *http.Request) {
	if !c.readForm(w, r) {
		return
	}
	err := func() error {
		if err := c.rightCode(r.PostForm.Get("code")); err != nil {
			return err
		}
		if err := samePassword(r.PostForm); err != nil {
			return err
		}
		first := book.OperatorSet{Name: r.PostForm.Get("name"), Role: book.Administrator}
		return c.o.Book.SetOperator(r.Context(), book.Itself, first, r.PostForm.Get("password"))
	}()
	if err != nil {
		c.again(w, r, err, c.setupPage)
		return
	}
	if err := c.endSetup(); err != nil {
		c.o.Log.Warn("the set-up is done", "err", err)
	}
	http.Redirect(w, r, "/sign-in?done=begun", http.StatusSeeOther)
}

func (c *Console) rightCode(typed string) error {
	code, err := os.ReadFile(c.o.SetupFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read the set-up code: %w", err)
	}
	right := strings.TrimSpace(string(code))
	typed = strings.ToUpper(strings.TrimSpace(typed))
	if right == "" || subtle.ConstantTimeCompare([]byte(right), []byte(typed)) != 1 {
		return ledger.Refuse("central.setup_code", "This is not the code in the file.").At("code")
	}
	// Central's own rights make the operator; it may be the first one only.
	empty, err := c.nobodyYet(context.Background())
	if err == nil && !empty {
		return ledger.Refuse("central.setup_done", "Central is set up already. Sign in.")
	}
	return err
}

// samePassword refuses a new password that was typed differently the second time.
func samePassword(form url.Values) error {
	if form.Get("password") != form.Get("password_again") {
		return ledger.Refuse("central.password_differs", "The two passwords are not the same.").At("password_again")
	}
	return nil
}
