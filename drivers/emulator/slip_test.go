package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

func hybrid(t *testing.T) (*emulator.Printer, io.ReadWriteCloser) {
	t.Helper()
	p := start(t, func(c *emulator.Config) { c.Profile = profile(t, "TM-H6000V") })
	line, err := p.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = line.Close() })
	return p, line
}

func write(t *testing.T, line io.Writer, data ...[]byte) {
	t.Helper()
	if _, err := line.Write(bytes.Join(data, nil)); err != nil {
		t.Fatal(err)
	}
}

// hear reads an answer of n bytes.
func hear(t *testing.T, line io.Reader, n int) string {
	t.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(line, b); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func until(t *testing.T, p *emulator.Printer, ok func(emulator.State) bool) {
	t.Helper()
	if err := p.Await(context.Background(), ok); err != nil {
		t.Fatalf("%v: %+v", err, p.State())
	}
}

func TestTheSlipStationSaysHowItIs(t *testing.T) {
	p, line := hybrid(t)
	ask := func(want string) {
		t.Helper()
		write(t, line, escpos.RealtimeStatus(5))
		if got := hear(t, line, 1); got != want {
			t.Errorf("% x, want % x", got, want)
		}
	}
	ask("\x76") // rests, nothing in
	write(t, line, []byte("\x1bc0\x04"))
	until(t, p, func(s emulator.State) bool { return s.FormWaits })
	ask("\x7a") // selected, waits, nothing in
	p.InsertSlip()
	until(t, p, func(s emulator.State) bool { return !s.FormWaits })
	ask("\x12") // selected, in
	write(t, line, []byte("on the slip\n"), escpos.GiveSheetBack())
	until(t, p, func(s emulator.State) bool { return s.Forms == 1 && s.Sheet == "roll" })
	ask("\x76")
	if f := p.Forms()[0]; f.Front.Text() != "on the slip\n" || f.Back.Text() != "" || f.Pulled {
		t.Errorf("%+v", f)
	}
}

// The answers of the check reader, byte by byte.
func TestTheCheckReaderAnswers(t *testing.T) {
	const details = "\x1c(f\x06\x000\x051131"
	for name, c := range map[string]struct {
		settings, line, want string
		kept                 bool
	}{
		"as delivered":                 {"", "t021001208t 1o 1", "\x5f\x50t021001208t 1o 1\x00", true},
		"as delivered, one not read":   {"", "t0?1001208t 1o 1", "\x5f\x70\x00", false},
		"as delivered, no ink":         {"", "", "\x5f\x70\x00", false},
		"with details":                 {details, "t021001208t 1o 1", "\x37\x2a\x58\x40\x1ft021001208t 1o 1\x00", true},
		"with details, one not read":   {details, "t0?1001208t 1o 1", "\x37\x2a\x78\x46\x1ft0?1001208t 1o 1\x00", true},
		"with details, five not read":  {details, "t?????1208t 1o 1", "\x37\x2a\x78\x46\x1f\x00", false},
		"with details, no ink":         {details, "", "\x37\x2a\x78\x45\x1f\x00", false},
		"what is no character is none": {"", "t0210\x0712\u00e908t", "\x5f\x50t02101208t\x00", true},
	} {
		t.Run(name, func(t *testing.T) {
			p, line := hybrid(t)
			p.SetCheckLine(c.line)
			p.InsertCheck()
			write(t, line, []byte(c.settings), []byte("\x1ca0\x00"))
			if got := hear(t, line, len(c.want)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			idle(t, p)
			if st := p.State(); (st.Form == "check") != c.kept || st.Unknown != 0 {
				t.Errorf("%+v", st)
			}
			write(t, line, []byte("\x1cb"))
			if got := hear(t, line, len(c.want)); got != c.want {
				t.Errorf("said again: %q", got)
			}
			if !c.kept {
				return
			}
			write(t, line, []byte("any text\n"))
			until(t, p, func(s emulator.State) bool { return s.Form == "none" && s.Sheet == "roll" })
		})
	}
}

func TestTheCheckReaderGivesUp(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(*emulator.Printer, io.Writer)
		want string
	}{
		"the cover is opened": {func(p *emulator.Printer, _ io.Writer) { p.OpenCover() }, "\x5f\x70\x00"},
		"it is called off":    {func(_ *emulator.Printer, w io.Writer) { _, _ = w.Write(escpos.CancelWait()) }, "\x5f\x70\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			p, line := hybrid(t)
			write(t, line, []byte("\x1ca0\x00"))
			until(t, p, func(s emulator.State) bool { return s.FormWaits })
			c.act(p, line)
			if got := hear(t, line, len(c.want)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			until(t, p, func(s emulator.State) bool { return s.Sheet == "roll" && !s.FormWaits })
		})
	}
}

// Sheet and text of a stream that was kept can be looked at, with nobody to put a sheet in.
func TestAStreamWithFormsIsPrinted(t *testing.T) {
	d := &escpos.Doc{Sheet: escpos.Endorsement}
	d.Add(escpos.Text{S: "FOR DEPOSIT ONLY"})
	segs, err := escpos.Encode(d, profile(t, "TM-H6000V"))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, s := range segs {
		all = append(all, s.Data...)
	}
	out, err := emulator.Print(t.Context(), profile(t, "TM-H6000V"), bytes.NewReader(all))
	if err != nil || len(out.Pieces) != 1 || out.Pieces[0].Text() != "FOR DEPOSIT ONLY\n" || out.Unknown+out.Unsupported != 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

// A sheet that is full is let go of, and the print goes on on the next.
func TestAFullSheetEnds(t *testing.T) {
	p, line := hybrid(t)
	p.InsertCheck()
	write(t, line, []byte("\x1d(G\x02\x000D"), bytes.Repeat([]byte("x\n"), 20))
	until(t, p, func(s emulator.State) bool { return s.FormWaits && s.Forms == 1 })
	if n := strings.Count(p.Forms()[0].Back.Text(), "x"); n < 9 || n >= 20 {
		t.Errorf("%d lines on a check", n)
	}
	p.InsertCheck()
	write(t, line, escpos.GiveSheetBack())
	until(t, p, func(s emulator.State) bool { return s.Forms == 2 })
	if n := strings.Count(p.Forms()[0].Back.Text()+p.Forms()[1].Back.Text(), "x"); n != 20 {
		t.Errorf("%d lines of 20", n)
	}
}

// A label is fed to its end and cut there.
func TestALabelIsCutAtItsEnd(t *testing.T) {
	prof := profile(t, "TM-L90")
	p := start(t, func(c *emulator.Config) { c.Profile = prof })
	d := &escpos.Doc{Sheet: escpos.Label}
	send(t, p, d.Add(escpos.Text{S: "VISITOR"}, escpos.Cut{}), prof)
	if all := p.Pieces(); len(all) != 1 || !strings.Contains(all[0].Text(), "VISITOR") {
		t.Errorf("%+v", all)
	}
	if st := p.State(); st.Unsupported != 0 || st.Unknown != 0 {
		t.Errorf("%+v", st)
	}
}

func TestThePanelHasTheSlipStation(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Profile, c.Clock = profile(t, "TM-H6000V"), link.WallClock{} })
	srv := httptest.NewServer(p.Handler())
	defer srv.Close()
	post := func(path, body string) int {
		t.Helper()
		r, err := http.Post(srv.URL+path, "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		return r.StatusCode
	}
	get := func(path string) (int, []byte) {
		t.Helper()
		r, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, data
	}
	if got := post("/check/line", "t021001208t 77o 9"); got != http.StatusOK {
		t.Error("the line:", got)
	}
	if got := post("/check/line", strings.Repeat("1", emulator.MaxCheckLine+1)); got != http.StatusRequestEntityTooLarge {
		t.Error("a line that is too long:", got)
	}
	post("/check/insert", "")
	post("/form/remove", "")
	_, data := get("/forms")
	var forms []emulator.Form
	if err := json.Unmarshal(data, &forms); err != nil || len(forms) != 1 || forms[0].Line != "t021001208t 77o 9" || !forms[0].Pulled {
		t.Errorf("%s, %v", data, err)
	}
	status, picture := get("/forms/1-front.png")
	if img, err := png.Decode(bytes.NewReader(picture)); status != http.StatusOK || err != nil || img.Bounds().Dx() < 500 {
		t.Error(status, err)
	}
	if _, text := get("/forms/1-front.txt"); !strings.Contains(string(text), "t021001208t 77o 9") {
		t.Errorf("%q", text)
	}
	for _, path := range []string{"/forms/2-front.png", "/forms/1-side.png", "/forms/x", "/forms/1-front.pdf"} {
		if status, _ := get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, page := get("/"); status != http.StatusOK || !bytes.Contains(page, []byte("form 1, front and back")) {
		t.Error(status)
	}
}
