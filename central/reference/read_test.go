package reference

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const customersMapping = `
feed = "customers"
money = "1234.56"
date = "mm/dd/yyyy"
[columns]
no = "ACCT"
name = "NAME"
service = ["HOUSE", "STREET"]
current = "CURRENT"
past_due = "PAST DUE"
due_by = "DUE"
note = "NOTE"
[flags.closed]
column = "STATUS"
values = ["C", "F"]
`

func mapping(t testing.TB, text string) *Mapping {
	t.Helper()
	m, err := ParseMapping([]byte(text))
	must(t, err)
	return m
}

func readAll(t testing.TB, m *Mapping, file string) ([]row, Report, error) {
	t.Helper()
	var rows []row
	report, err := m.read(t.Context(), strings.NewReader(file), func(r row) error { rows = append(rows, r); return nil })
	return rows, report, err
}

const titles = "ACCT,NAME,HOUSE,STREET,CURRENT,PAST DUE,DUE,NOTE,STATUS\n"

func TestAFileBecomesCustomers(t *testing.T) {
	rows, report, err := readAll(t, mapping(t, customersMapping), "\uFEFF"+titles+
		"01-0001-2,\"GARCÍA, MARÍA\",1423,Oak St,\"1,121.10\",62.10,11/30/2026,,A\r\n"+
		"\n"+
		"01-0002-0,\"OAK \"\"B\"\" LLC\",,Elm St,12.00CR,,00/00/0000,irrigation,C\n")
	must(t, err)
	want := []account.Customer{
		{No: "01-0001-2", Name: "GARCÍA, MARÍA", Service: "1423 Oak St", Current: 112110, PastDue: 6210, DueBy: 20261130},
		{No: "01-0002-0", Name: `OAK "B" LLC`, Service: "Elm St", Current: -1200, Note: "irrigation", Closed: true},
	}
	if len(rows) != 2 || report.Lines != 2 || report.Taken != 2 || report.Refused != 0 || report.File == (wire.Hash{}) {
		t.Fatalf("%d rows, %+v", len(rows), report)
	}
	for i, r := range rows {
		var got account.Customer
		must(t, cbor.Unmarshal(r.value, &got))
		if got != want[i] || r.key != string(want[i].No) || r.line != uint64(2+2*i) {
			t.Errorf("line %d: %+v, want %+v", r.line, got, want[i])
		}
	}
}

func TestEveryRefusedLineIsToldWithItsReason(t *testing.T) {
	for name, test := range map[string]struct {
		line string
		want Refusal
	}{
		"too few columns":     {"01,NAME", Refusal{Value: "01,NAME", Why: "2 columns, the first line has 9"}},
		"an open quote":       {`01,"NAME,1,Oak,1.00,,,,A`, Refusal{Value: `01,"NAME,1,Oak,1.00,,,,A`, Why: errOpenQuote.Error()}},
		"a bare quote":        {`01,NA"ME,1,Oak,1.00,,,,A`, Refusal{Value: `01,NA"ME,1,Oak,1.00,,,,A`, Why: errBareQuote.Error()}},
		"after a quote":       {`01,"NA"ME,1,Oak,1.00,,,,A`, Refusal{Value: `01,"NA"ME,1,Oak,1.00,,,,A`, Why: errAfter.Error()}},
		"not UTF-8":           {"01,NA\xd1O,1,Oak,1.00,,,,A", Refusal{Value: "01,NA\uFFFDO,1,Oak,1.00,,,,A", Why: "not in UTF-8: the mapping may want another encoding"}},
		"no number":           {",NAME,1,Oak,1.00,,,,A", Refusal{Column: "ACCT", Why: "not an account number: want 1 to 32 letters, digits and hyphens"}},
		"a bad number":        {"01 2,NAME,1,Oak,1.00,,,,A", Refusal{Column: "ACCT", Value: "01 2", Why: "not an account number: want 1 to 32 letters, digits and hyphens"}},
		"no name":             {"01,,1,Oak,1.00,,,,A", Refusal{Column: "NAME", Why: "no name"}},
		"a bad amount":        {"01,NAME,1,Oak,1.2.3,,,,A", Refusal{Column: "CURRENT", Value: "1.2.3", Why: "not an amount like 1234.56 of at most 9,999,999.99"}},
		"too much":            {"01,NAME,1,Oak,99999999.00,,,,A", Refusal{Column: "CURRENT", Value: "99999999.00", Why: "not an amount like 1234.56 of at most 9,999,999.99"}},
		"past due below zero": {"01,NAME,1,Oak,1.00,-5.00,,,A", Refusal{Column: "PAST DUE", Value: "-5.00", Why: "what is past due, and penalties, are not below zero: a credit stands in current"}},
		"a bad date":          {"01,NAME,1,Oak,1.00,,13/45/2026,,A", Refusal{Column: "DUE", Value: "13/45/2026", Why: "not a date like mm/dd/yyyy"}},
		"a control character": {"01,NA\x07ME,1,Oak,1.00,,,,A", Refusal{Column: "NAME", Value: "NA\x07ME", Why: "characters that cannot be printed"}},
		"a long note":         {"01,NAME,1,Oak,1.00,,," + strings.Repeat("x", 300) + ",A", Refusal{Column: "NOTE", Value: strings.Repeat("x", 39) + "…", Why: "more than 200 bytes"}},
		"a card number":       {"01,NAME,1,Oak,1.00,,,card 4111 1111 1111 1111,A", Refusal{Column: "NOTE", Why: "this looks like the number of a payment card, which is kept nowhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			rows, report, err := readAll(t, mapping(t, customersMapping), titles+"00,FIRST,1,Oak,1.00,,,,A\n"+test.line+"\n99,LAST,1,Oak,1.00,,,,A\n")
			must(t, err)
			test.want.Line = 3
			if len(rows) != 2 || report.Refused != 1 || report.Taken != 2 || len(report.Refusals) != 1 || report.Refusals[0] != test.want {
				t.Errorf("%d rows, %+v, want %+v", len(rows), report.Refusals, test.want)
			}
		})
	}
}

func TestAmountsAndDates(t *testing.T) {
	for _, test := range []struct {
		typed, form string
		want        ledger.Cents
		bad         bool
	}{
		{"1234.56", "1234.56", 123456, false}, {" 1,234.5 ", "1234.56", 123450, false}, {"", "1234.56", 0, false}, {"7", "1234.56", 700, false},
		{"-5.00", "1234.56", -500, false}, {"5.00-", "1234.56", -500, false}, {"(5.00)", "1234.56", -500, false}, {"5.00 CR", "1234.56", -500, false},
		{"1.234,56", "1234,56", 123456, false}, {"1,234.56", "1234,56", 0, true}, {"12,345.6", "1234,56", 0, true},
		{"123456", "cents", 123456, false}, {"-123456", "cents", -123456, false}, {"12.3", "cents", 0, true}, {"1000000000", "cents", 0, true},
		{"--5", "1234.56", 0, true}, {"-", "1234.56", 0, true}, {"NaN", "1234.56", 0, true}, {"1e3", "1234.56", 0, true}, {"٣", "1234.56", 0, true},
	} {
		if got, err := amount(test.typed, test.form); got != test.want || (err != nil) != test.bad {
			t.Errorf("%q as %s: %d, %v", test.typed, test.form, got, err)
		}
	}
	for _, test := range []struct {
		typed, form string
		want        ledger.Date
		bad         bool
	}{
		{"2026-11-27", "yyyy-mm-dd", 20261127, false}, {"", "yyyy-mm-dd", 0, false}, {"0000-00-00", "yyyy-mm-dd", 0, false}, {"11/7/2026", "mm/dd/yyyy", 20261107, false},
		{"27.11.2026", "dd.mm.yyyy", 20261127, false}, {"20261127", "yyyymmdd", 20261127, false}, {"2026-02-30", "yyyy-mm-dd", 0, true}, {"11/27/26", "mm/dd/yyyy", 0, true}, {"1066-10-14", "yyyy-mm-dd", 0, true},
	} {
		if got, err := day(test.typed, test.form); got != test.want || (err != nil) != test.bad {
			t.Errorf("%q as %s: %d, %v", test.typed, test.form, got, err)
		}
	}
}

func TestWhatAFileIsRefusedForAsAWhole(t *testing.T) {
	for name, test := range map[string]struct{ file, code string }{
		"empty":                {"", "central.import_empty"},
		"a title is missing":   {"ACCT,NAME\n", "central.import_column"},
		"a title stands twice": {strings.TrimSuffix(titles, "\n") + ",ACCT\n", "central.import_column_twice"},
		"titles with a quote":  {"\"ACCT,NAME\n", "central.import_titles"},
		"an endless line":      {titles + strings.Repeat("x", maxLine+1), "central.import_line"},
		"many columns":         {strings.Repeat("a,", maxColumns) + "b\n", "central.import_columns"},
	} {
		_, _, err := readAll(t, mapping(t, customersMapping), test.file)
		if refusal, ok := ledger.AsRefusal(err); !ok || refusal.Code != test.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := mapping(t, customersMapping).read(ctx, strings.NewReader(titles+strings.Repeat("x\n", 3000)), func(row) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("for somebody who has gone: %v", err)
	}
}

func TestAReportIsBoundedAndCountsAll(t *testing.T) {
	_, report, err := readAll(t, mapping(t, customersMapping), titles+strings.Repeat("x\n", MaxRefusals+7))
	must(t, err)
	if len(report.Refusals) != MaxRefusals || report.Refused != MaxRefusals+7 || report.Lines != report.Refused {
		t.Errorf("%d listed of %d", len(report.Refusals), report.Refused)
	}
}

func TestAFileInAnOlderEncoding(t *testing.T) {
	m := mapping(t, strings.Replace(customersMapping, "date =", "encoding = \"windows-1252\"\nseparator = \"|\"\ndate =", 1))
	rows, _, err := readAll(t, m, strings.ReplaceAll(titles, ",", "|")+"01|MU\xd1OZ, \"X\"|1|Oak|1.00||||A\n"+"02|MU\xd1OZ, X|1|Oak|1.00||||A\n")
	must(t, err)
	var c account.Customer
	must(t, cbor.Unmarshal(rows[0].value, &c))
	if len(rows) != 1 || c.Name != "MUÑOZ, X" {
		t.Errorf("%d rows, %+v", len(rows), c)
	}
}

const staffMapping = `
feed = "staff"
list = " "
[columns]
id = "LOGIN"
name = "NAME"
role = "TITLE"
pin = "PIN"
own = "OWN"
[flags.retired]
column = "LEFT"
values = ["Y"]
[values.role]
"Customer Support Specialist I" = "css1"
"Supervisor" = "supervisor"
`

func TestAFileBecomesStaff(t *testing.T) {
	hash, err := staff.HashPIN("246801", strings.NewReader(strings.Repeat("s", 16)))
	must(t, err)
	head := "LOGIN,NAME,TITLE,PIN,OWN,LEFT\n"
	quoted := `"` + hash + `"`
	rows, report, err := readAll(t, mapping(t, staffMapping), head+
		"maria,Maria Lopez,Customer Support Specialist I,"+quoted+",01-0001 01-0002,\n"+
		"old.tom,Tom,Supervisor,"+quoted+",,Y\n"+
		"Bad Id,X,Supervisor,"+quoted+",,\n"+
		"station,X,Supervisor,"+quoted+",,\n"+
		"ana,Ana,Janitor,"+quoted+",,\n"+
		"ben,Ben,Supervisor,246801,,\n"+
		"cid,Cid,Supervisor,"+quoted+",01_1,\n")
	must(t, err)
	if len(rows) != 2 {
		t.Fatalf("%d rows, %+v", len(rows), report)
	}
	var got []staff.Person
	for _, r := range rows {
		var p staff.Person
		must(t, cbor.Unmarshal(r.value, &p))
		got = append(got, p)
	}
	if got[0].Role != staff.CSS1 || !slices.Equal(got[0].Own, []string{"01-0001", "01-0002"}) || got[0].PIN != hash || !got[1].Retired {
		t.Errorf("%+v", got)
	}
	want := []Refusal{
		{4, "LOGIN", "Bad Id", "not an id: want 1 to 40 small letters, digits, dots or hyphens"},
		{5, "LOGIN", "station", "this id is the program's own"},
		{6, "TITLE", "Janitor", "the mapping has no word for this value"},
		{7, "PIN", "", "not the argon2id hash of a PIN: gatehousectl pin makes one"}, // the PIN itself is in no report
		{8, "OWN", "01_1", "want at most 50 account numbers"},
	}
	if !slices.Equal(report.Refusals, want) {
		t.Errorf("%+v", report.Refusals)
	}
}

func TestMappingsThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct{ old, new, says string }{
		"not TOML":             {"[columns]", "[columns", "cannot be read"},
		"a word nobody knows":  {"feed =", "fed = \"x\"\nfeed =", "fed"},
		"another feed":         {`"customers"`, `"dogs"`, "feed"},
		"a long separator":     {"money =", "separator = \"::\"\nmoney =", "separator"},
		"a quote between":      {"money =", "separator = \"\\\"\"\nmoney =", "separator"},
		"an unknown encoding":  {"money =", "encoding = \"ebcdic\"\nmoney =", "encoding"},
		"an unknown amount":    {`"1234.56"`, `"roman"`, "money"},
		"an unknown date":      {`"mm/dd/yyyy"`, `"stardate"`, "date"},
		"an unknown field":     {`note = "NOTE"`, `nose = "NOTE"`, "nose"},
		"a flag as a column":   {`note = "NOTE"`, `closed = "NOTE"`, "closed"},
		"two columns of money": {`current = "CURRENT"`, `current = ["A", "B"]`, "current"},
		"no title":             {`note = "NOTE"`, `note = ""`, "note"},
		"a field is missing":   {`name = "NAME"`, ``, "name is missing"},
		"a flag of nothing":    {`values = ["C", "F"]`, `values = []`, "closed"},
		"a guard of too much":  {"[flags.closed]", "[guard]\nfewer_percent = 101\n[flags.closed]", "fewer_percent"},
		"words for an amount":  {"[flags.closed]", "[values.current]\na = \"b\"\n[flags.closed]", "current"},
	} {
		text := strings.Replace(customersMapping, test.old, test.new, 1)
		if text == customersMapping {
			t.Fatalf("%s changes nothing", name)
		}
		if _, err := ParseMapping([]byte(text)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseMapping(make([]byte, maxMapping+1)); err == nil {
		t.Error("an endless mapping was taken")
	}
}

// What split reads, the standard library reads too; what it refuses is a fault or a line
// break inside quotes.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{`a,b`, `"a","b""c",`, `"a`, `a"b`, `"a"b`, ``, `,`, `""`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\r\n") || line == "" {
			return
		}
		got, err := split(line, ',', nil)
		r := csv.NewReader(strings.NewReader(line))
		want, wantErr := r.Read()
		if (err == nil) != (wantErr == nil) || err == nil && !slices.Equal(got, want) {
			t.Errorf("%q: %q %v, want %q %v", line, got, err, want, wantErr)
		}
	})
}

func TestRowsComeInOrderFromDiskToo(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := &sorted{folder: folder}
		defer s.Close()
		var want []row
		for i, key := range rapid.SliceOf(rapid.StringMatching(`[a-e]{1,3}`)).Draw(t, "keys") {
			r := row{key, uint64(i + 2), []byte(fmt.Sprint(i))}
			want = append(want, r)
			if err := s.add(r); err != nil {
				t.Fatal(err)
			}
			if rapid.IntRange(0, 5).Draw(t, "flush") == 0 {
				if err := s.flush(); err != nil {
					t.Fatal(err)
				}
			}
		}
		slices.SortStableFunc(want, func(a, b row) int { return strings.Compare(a.key, b.key) })
		for range 2 {
			var got []row
			for r, err := range s.rows() {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, r)
			}
			if !slices.EqualFunc(got, want, func(a, b row) bool { return a.key == b.key && a.line == b.line && string(a.value) == string(b.value) }) {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	})
}
