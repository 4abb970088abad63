package escpos_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/drivers/escpos"
)

func TestCommandBytes(t *testing.T) {
	ok := func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		name string
		got  []byte
		want string
	}{
		{"initialise", escpos.Init(), "\x1b@"},
		{"status", escpos.RealtimeStatus(4), "\x10\x04\x04"},
		{"recover", escpos.Recover(2), "\x10\x05\x02"},
		{"reports", escpos.EnableASB(escpos.ASBAll), "\x1da\x0f"},
		{"paper", escpos.AskPaper(), "\x1dr\x01"},
		{"model", escpos.AskInfo(67), "\x1dI\x43"},
		{"clear", escpos.ClearBuffers(), "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"},
		{"process ID", ok(escpos.ProcessID([4]byte{'0', '0', '4', '2'})), "\x1d(H\x06\x00000042"},
		{"pulse on pin 2", ok(escpos.Pulse(2, 120*time.Millisecond, 480*time.Millisecond)), "\x1bp\x00\x3c\xf0"},
		{"pulse on pin 5", ok(escpos.Pulse(5, 50*time.Millisecond, 510*time.Millisecond)), "\x1bp\x01\x19\xff"},
		{"pulse at once", ok(escpos.RealtimePulse(2, 200*time.Millisecond)), "\x10\x14\x01\x00\x02"},
	} {
		if string(c.got) != c.want {
			t.Errorf("%s: % x, want % x", c.name, c.got, c.want)
		}
	}
}

func TestDangerousPulsesAreRefused(t *testing.T) {
	for name, try := range map[string]func() ([]byte, error){
		"too long":              func() ([]byte, error) { return escpos.Pulse(2, 501*time.Millisecond, 0) },
		"too short":             func() ([]byte, error) { return escpos.Pulse(2, 49*time.Millisecond, 0) },
		"rest too long":         func() ([]byte, error) { return escpos.Pulse(2, 100*time.Millisecond, 511*time.Millisecond) },
		"too long, at once":     func() ([]byte, error) { return escpos.RealtimePulse(2, 600*time.Millisecond) },
		"too short, at once":    func() ([]byte, error) { return escpos.RealtimePulse(2, 99*time.Millisecond) },
		"pin without a drawer":  func() ([]byte, error) { return escpos.Pulse(3, 100*time.Millisecond, 0) },
		"control in process ID": func() ([]byte, error) { return escpos.ProcessID([4]byte{'0', '0', '0', 0}) },
	} {
		if b, err := try(); err == nil {
			t.Errorf("%s: % x", name, b)
		}
	}
	if _, err := escpos.Pulse(2, time.Second, 0); !errors.Is(err, escpos.ErrRange) {
		t.Errorf("a pulse of a second: %v", err)
	}
}

func TestPlainTextNamesWhatIsNotText(t *testing.T) {
	logo := drop(t)
	got := escpos.PlainText(new(escpos.Doc).Add(
		escpos.Logo{Bitmap: logo},
		escpos.Image{Bitmap: logo, Align: escpos.Right},
		escpos.QR{Text: "GH1:A1"},
		escpos.Barcode{Data: "A1-7"},
		escpos.Feed{Lines: 2},
		escpos.Text{S: "bad\x1b"},
		escpos.Cut{},
	), 24)
	want := "[logo 384×96]\n" +
		"          [image 384×96]\n" +
		"[QR] GH1:A1\n" +
		"     [CODE128] A1-7\n" +
		"\n\n" +
		"[text: it holds a control character, which could command the printer: remove it]\n" +
		"- - - - - - - - - - - -\n"
	if got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

func TestBitmapKeepsItsDots(t *testing.T) {
	b := drop(t)
	if b.Width() != 384 || b.Height() != 96 || b.Black(-1, 0) || b.Black(384, 0) || !b.Black(0, 0) || b.Black(383, 0) {
		t.Errorf("%d×%d dots, black at the left %v, at the right %v", b.Width(), b.Height(), b.Black(0, 0), b.Black(383, 0))
	}
}
