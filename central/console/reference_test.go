package console_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gatehouse/central/book"
	"gatehouse/sync/wire"
)

const customersOf = "feed = \"customers\"\n[columns]\nno = \"NO\"\nname = \"NAME\"\ncurrent = \"OWED\"\n"

// upload sends the form of a file as a browser does: fields in their order, then the
// file.
func (o *office) upload(token, asOf, billed, mapping string, file io.Reader) *httptest.ResponseRecorder {
	o.t.Helper()
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	for _, field := range [][2]string{{"form", token}, {"as_of", asOf}, {"billed", billed}} {
		must(o.t, form.WriteField(field[0], field[1]))
	}
	part, err := form.CreateFormFile("mapping", "mapping.toml")
	must(o.t, err)
	_, err = io.WriteString(part, mapping)
	must(o.t, err)
	_, err = form.CreateFormFile("file", "customers.csv")
	must(o.t, err)
	tail := strings.NewReader("\r\n--" + form.Boundary() + "--\r\n")
	r := httptest.NewRequest(http.MethodPost, "/reference/read", io.MultiReader(&head, file, tail))
	r.Header.Set("Content-Type", form.FormDataContentType())
	return o.send(r)
}

func (o *office) asOf() string { return o.now.UTC().AddDate(0, 0, -1).Format("2006-01-02T15:04") }

func TestAFileIsReadLookedAtAndPublished(t *testing.T) {
	o := newOffice(t).as(book.Finance)
	shows(t, o.text("/reference"), "Nothing was published yet", "Read the file")
	w := o.upload(o.token(), o.asOf(), "0", customersOf, strings.NewReader("NO,NAME,OWED\n01-1,GARCIA,12.50\n01-2,OAK,x\n"))
	report := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(report, "/reference/drafts/") {
		t.Fatalf("status %d, to %q: %s", w.Code, report, w.Body)
	}
	shows(t, o.text(report), "What was read of customers", "OWED", "not an amount like 1234.56", "Is this file whole?", "1 of 2 lines were refused")
	shows(t, o.text("/reference"), "Nothing was published yet")
	if w := o.act(report); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Confirm that this is right") {
		t.Errorf("without a word about its doubt: status %d: %s", w.Code, w.Body)
	}
	if w := o.act(report, "confirmed", "yes"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/reference?done=published" {
		t.Fatalf("publish: status %d: %s", w.Code, w.Body)
	}
	shows(t, o.text("/reference?done=published"), "It is in force", "finance", "in force", "confirmed")
	must(t, o.book.See(t.Context(), func(f *book.Facts) {
		if p, _ := f.Reference("customers"); p.By != "finance" || p.Records != 1 || p.Refused != 1 || p.Lines != 2 || !p.Confirmed {
			t.Errorf("%+v", p)
		}
	}))
	// The same draft once more: somebody published meanwhile, and it was oneself.
	if w := o.act(report, "confirmed", "yes"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("twice: status %d", w.Code)
	}
}

func TestWhatIsWrongWithAFileIsToldOnItsForm(t *testing.T) {
	o := newOffice(t)
	good := "NO,NAME,OWED\n1,A,1\n"
	for name, row := range map[string]struct{ asOf, billed, mapping, file, says string }{
		"no time":              {"", "0", customersOf, good, "Say when the balances were true"},
		"the future":           {o.now.UTC().AddDate(0, 0, 2).Format("2006-01-02T15:04"), "0", customersOf, good, "from the future"},
		"no payment file":      {o.asOf(), "", customersOf, good, "Choose the last payment file"},
		"one that is not":      {o.asOf(), "7", customersOf, good, "no payment file 7"},
		"a word nobody knows":  {o.asOf(), "0", "fed = 1\n" + customersOf, good, "fed"},
		"a column is missing":  {o.asOf(), "0", customersOf, "NO,NAME\n1,A\n", "has no column OWED"},
		"an empty file":        {o.asOf(), "0", customersOf, "", "The file is empty"},
		"a title with a quote": {o.asOf(), "0", customersOf, "\"NO\n", "a quote is not closed"},
	} {
		w := o.upload(o.token(), row.asOf, row.billed, row.mapping, strings.NewReader(row.file))
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), row.says) || !strings.Contains(w.Body.String(), "Read the file") {
			t.Errorf("%s: status %d, want %q: %s", name, w.Code, row.says, w.Body)
		}
	}
	for name, hash := range map[string]string{"never made": wire.HashOf([]byte("x")).String(), "not a hash": "x"} {
		if w := o.get("/reference/drafts/" + hash); w.Code != http.StatusBadRequest && w.Code != http.StatusNotFound {
			t.Errorf("a draft %s: status %d", name, w.Code)
		}
	}
}

func TestWhoMayNotPublishReadsNoFile(t *testing.T) {
	file := func() io.Reader { return strings.NewReader("NO,NAME,OWED\n1,A,1\n") }
	for _, role := range book.Roles() {
		o := newOffice(t).as(role)
		w := o.upload(o.token(), o.asOf(), "0", customersOf, file())
		if done := w.Code == http.StatusSeeOther; done != role.May(book.MayReference) {
			t.Errorf("%s: status %d: %s", role, w.Code, w.Body)
		}
		if form := strings.Contains(o.text("/reference"), "Read a file"); form != role.May(book.MayReference) {
			t.Errorf("%s is shown the form: %v", role, form)
		}
	}
	o := newOffice(t)
	for _, token := range []string{"", "x", strings.Repeat("A", 22)} {
		if w := o.upload(token, o.asOf(), "0", customersOf, file()); w.Code != http.StatusForbidden {
			t.Errorf("with the token %q: status %d", token, w.Code)
		}
	}
	if w := o.upload(o.token(), o.asOf(), "0", strings.Repeat("#", 70<<10), file()); w.Code != http.StatusBadRequest {
		t.Errorf("a mapping of 70 KiB: status %d", w.Code)
	}
	if w := o.post("/reference/read", "form", o.token()); w.Code != http.StatusBadRequest {
		t.Errorf("another kind of form: status %d", w.Code)
	}
	o.cookie = nil
	if w := o.upload("", o.asOf(), "0", customersOf, file()); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/sign-in" {
		t.Errorf("nobody signed in: status %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestARefusedValueIsNotPartOfAPage(t *testing.T) {
	o := newOffice(t)
	w := o.upload(o.token(), o.asOf(), "0", customersOf, strings.NewReader("NO,NAME,OWED\n1,A,<script>alert(1)</script>\n"))
	text := o.get(w.Header().Get("Location")).Body.String()
	if strings.Contains(text, "<script") || !strings.Contains(text, "&lt;script") {
		t.Errorf("the page has %s", text)
	}
}
