package emulator_test

import (
	"context"
	"testing"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

func profile(t testing.TB, name string) escpos.Profile {
	p, ok := escpos.ProfileNamed(name)
	if !ok {
		t.Fatalf("no profile %q", name)
	}
	return p
}

// bench is a printer on the table, connected in memory, with instant mechanics unless told otherwise.
func start(t testing.TB, change func(*emulator.Config)) *emulator.Printer {
	cfg := emulator.Config{Profile: profile(t, "TM-T88VI"), Clock: link.WallClock{}}
	if change != nil {
		change(&cfg)
	}
	p := emulator.New(cfg)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// send writes a document and waits until it is printed.
func send(t testing.TB, p *emulator.Printer, d *escpos.Doc, prof escpos.Profile) {
	t.Helper()
	segs, err := escpos.Encode(d, prof)
	if err != nil {
		t.Fatal(err)
	}
	line, err := p.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = line.Close() }()
	for _, s := range segs {
		if _, err := line.Write(s.Data); err != nil {
			t.Fatal(err)
		}
		idle(t, p)
	}
}

func idle(t testing.TB, p *emulator.Printer) {
	t.Helper()
	if err := p.WaitIdle(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsPrintedReadsAsWritten(t *testing.T) {
	for _, prof := range escpos.Profiles() {
		d := new(escpos.Doc).Add(
			escpos.Text{S: "Millbrook Water", Style: escpos.Style{Bold: true, Wide: true, Tall: true, Align: escpos.Center}},
			escpos.Text{S: "Año 2026 – 5 €", Style: escpos.Style{Align: escpos.Right}},
			escpos.Rule{Heavy: true},
			escpos.Pair("Past due", "$1,204.55"),
			escpos.Feed{Lines: 2},
			escpos.Text{S: "reverse", Style: escpos.Style{Reverse: true, Underline: true}},
			escpos.EndMark{Number: "A1-000123-K7QX"},
		)
		want := escpos.PlainText(d, prof.Columns)
		p := start(t, func(c *emulator.Config) { c.Profile = prof })
		send(t, p, d.Add(escpos.Cut{}), prof)
		if got := p.Unfinished().Text(); prof.Cutter {
			if got != "" || len(p.Pieces()) != 1 || p.State().Pieces != 1 {
				t.Fatalf("%s: %d pieces and %q left", prof.Name, len(p.Pieces()), got)
			}
			if got = p.Pieces()[0].Text(); got != want {
				t.Errorf("%s:\n%s\nwant\n%s", prof.Name, got, want)
			}
		}
		st := p.State()
		if st.Dropped+st.Unknown+st.Unsupported != 0 {
			t.Errorf("%s: dropped %d, unknown %d, unsupported %d", prof.Name, st.Dropped, st.Unknown, st.Unsupported)
		}
	}
}
