package statement_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/desk/safe"
	"gatehouse/desk/safe/statement"
)

// file is two accounts of a day, with each kind of funds, continuations and a text
// with commas.
const file = `01,121099999,ARROYO,261124,0600,1,,,2/
02,ARROYO,121099999,1,261123,2359,USD,2/
03,000244109900,USD,015,10000,,/
16,301,99900,,,,another account/
49,109900,3/
03,0000004410,USD,010,500000,,,015,517000,,/
88,100,17400,3,Z/
16,301,8000,Z,B-77,D-1,COUNTER DEPOSIT, MAIN ST/
16,301,9000,S,9000,0,0,B-78,/
88,BAG D-2
16,399,400,V,261124,1200,X1,,INTEREST
88, AND MORE
16,475,1250,D,2,0,1000,1,250,CHK9,,RETURNED CHECK/
16,195,0,,,,NOTHING/
49,1053050,8/
98,1162950,2,12/
99,1162950,1,14/
`

func TestBAI2(t *testing.T) {
	got, err := statement.BAI2(strings.NewReader(file), "4410")
	if err != nil {
		t.Fatal(err)
	}
	want := []safe.Line{
		{Date: 20261123, Amount: 80_00, Reference: "B-77 D-1", Text: "COUNTER DEPOSIT, MAIN ST"},
		{Date: 20261123, Amount: 90_00, Reference: "B-78", Text: "BAG D-2"},
		{Date: 20261123, Amount: 4_00, Reference: "X1", Text: "INTEREST AND MORE"},
		{Date: 20261123, Amount: -12_50, Reference: "CHK9", Text: "RETURNED CHECK"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("read\n%v, want\n%v", got, want)
	}
	if crlf, err := statement.BAI2(strings.NewReader(strings.ReplaceAll(file, "\n", "\r\n")), "4410"); err != nil || fmt.Sprint(crlf) != fmt.Sprint(want) {
		t.Errorf("with the line ends of Windows: %v, %v", crlf, err)
	}
}

func TestBAI2ThatIsRefused(t *testing.T) {
	for name, change := range map[string][2]string{
		"a cut tail":                 {"99,1162950,1,14/\n", ""},
		"a total that is another":    {"49,1053050,8/", "49,1053051,8/"},
		"a line that was changed":    {"16,301,8000,Z", "16,301,8001,Z"},
		"a line outside an account":  {"03,0000004410", "88,0000004410"},
		"an unknown record":          {"98,", "97,"},
		"an amount of letters":       {"16,301,8000", "16,301,80OO"},
		"an amount beyond all money": {"16,301,8000", "16,301,80000000000000"},
		"a group without a date":     {"1,261123,2359", "1,,2359"},
		"a date that is none":        {"1,261123,2359", "1,261323,2359"},
		"a kind of funds cut off":    {"S,9000,0,0,B-78,/\n88,BAG D-2", "S,9000/"},
		"a type that is none":        {"16,475", "16,xx"},
		"something after the end":    {"99,1162950,1,14/\n", "99,1162950,1,14/\n16,301,1,,,,/\n"},
		"another account":            {"03,0000004410", "03,0000009999"},
		"a continuation first":       {"01,121099999", "88,121099999"},
	} {
		text := strings.Replace(file, change[0], change[1], 1)
		if text == file {
			t.Fatalf("%s: the text did not change", name)
		}
		if lines, err := statement.BAI2(strings.NewReader(text), "4410"); err == nil {
			t.Errorf("%s: was read as %v", name, lines)
		}
	}
}

func TestCSV(t *testing.T) {
	one := safe.Columns{Date: "Posting Date", Amount: "Amount", Reference: "Bank Ref", Text: "Description", Layout: "01/02/2006"}
	two := safe.Columns{Date: "date", Credit: "Credit", Debit: "Debit", Text: "memo", Layout: "2006-01-02"}
	for _, c := range []struct {
		name    string
		text    string
		columns safe.Columns
		want    string // of the lines, or the error
	}{
		{"one column of amounts", "\ufeffposting date,description,amount,BANK REF\n11/23/2026,\"DEPOSIT, BAG D-1\",\"$1,204.11\",77\n11/24/2026,FEE,(4.00),\n\n11/24/2026,ZERO,0.00,\n", one,
			"[{2026-11-23 1,204.11 77 DEPOSIT, BAG D-1} {2026-11-24 -4.00  FEE}]"},
		{"two columns", "Date,Memo,Debit,Credit\n2026-11-23,in,,80.00\n2026-11-23,out,4.00,\n2026-11-23,out,-4.00,\n", two,
			"[{2026-11-23 80.00  in} {2026-11-23 -4.00  out} {2026-11-23 -4.00  out}]"},
		{"no such column", "When,Amount\n", one, `no column "Posting Date"`},
		{"a date of another land", "Posting Date,Amount,Bank Ref,Description\n23/11/2026,1.00,,\n", one, "row 2"},
		{"no amount", "Posting Date,Amount,Bank Ref,Description\n11/23/2026,1.005,,\n", one, "is no amount"},
		{"nothing", "", one, "first row"},
	} {
		lines, err := statement.CSV(strings.NewReader(c.text), c.columns)
		got := fmt.Sprint(lines)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func FuzzBAI2(f *testing.F) {
	f.Add(file)
	f.Add("01\n02,,,261123\n03,4410,,010,1,,D,9\n99")
	f.Fuzz(func(t *testing.T, text string) {
		if lines, err := statement.BAI2(strings.NewReader(text), "4410"); err == nil {
			for _, l := range lines {
				if l.Amount == 0 || l.Date == 0 {
					t.Errorf("a line of nothing: %+v", l)
				}
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	f.Add("date,amount,ref\n2026-11-23,1.00,x\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = statement.CSV(strings.NewReader(text), safe.Columns{Date: "date", Amount: "amount", Reference: "ref", Layout: "2006-01-02"})
	})
}
