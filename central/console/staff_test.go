package console_test

import (
	"strings"
	"testing"

	"gatehouse/central/book"
	"gatehouse/desk/desktest"
)

const staffOf = "feed = \"staff\"\n[columns]\nid = \"ID\"\nname = \"NAME\"\nrole = \"ROLE\"\npin = \"PIN\"\nown = \"OWN\"\n[flags.retired]\ncolumn = \"LEFT\"\nvalues = [\"Y\"]\n"

// publishStaff publishes people of whom one is like the town's, one is otherwise, one
// is new and one has left.
func (o *office) publishStaff() {
	o.t.Helper()
	o.as(book.Finance)
	pin := `"` + desktest.Hash("2468") + `"`
	w := o.upload(o.token(), o.asOf(), "0", staffOf, strings.NewReader("ID,NAME,ROLE,PIN,OWN,LEFT\n"+
		"maria,Maria Lopez,css1,"+pin+","+string(desktest.Own)+",\n"+
		"tom,Tom Baker,css2,"+pin+",,\n"+
		"lena,Lena <i>Marsh</i>,css1,"+pin+",,\n"+
		"rosa,Rosa Diaz,css2,"+pin+",,Y\n"))
	report := w.Header().Get("Location")
	if w := o.act(report, "confirmed", "yes"); w.Header().Get("Location") != "/reference?done=published" {
		o.t.Fatalf("publish: status %d: %s", w.Code, w.Body)
	}
}

// TestTheStaffInForceIsComparedWithWhatStationsHave: the station works with the town's
// people, and central published others.
func TestTheStaffInForceIsComparedWithWhatStationsHave(t *testing.T) {
	o := newOffice(t)
	log := o.town()
	shows(t, o.text("/staff"), "No staff was published yet", "At a station only", "Maria Lopez, css1, own accounts "+string(desktest.Own))
	o.publishStaff()
	text := o.text("/staff")
	shows(t, text, "Maria Lopez maria css1 "+string(desktest.Own)+" may sign in the same at all",
		"Tom Baker tom css2 may sign in otherwise at A1", "Lena <i>Marsh</i> lena css1 may sign in not at A1",
		"Rosa Diaz rosa css2 may not sign in the same at all", "At a station only", "ben Ben Okafor, supervisor",
		"Open a drawer, take payments", "in training")
	lacks(t, text, "No staff was published", "argon2id")
	shows(t, o.get("/staff").Body.String(), `<a href="/logs/`+log+`">A1</a>`)
}
