package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestOptions(t *testing.T) {
	code := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(code, []byte(" alder-creek-1 \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		args  string
		holds func(options) bool
		wrong string // part of the sentence
	}{
		{"a cashier by default", "", func(o options) bool {
			return o.role == roleCashier && o.station == "A1" && o.printer == emulated && o.width == 1366 && !o.fullScreen && o.lockAfter == 5*time.Minute
		}, ""},
		{"a kiosk covers the screen", "--role kiosk --station K1", func(o options) bool { return o.fullScreen }, ""},
		{"a kiosk in a window", "--role kiosk --station K1 --size 1080x1920", func(o options) bool { return !o.fullScreen && o.height == 1920 }, ""},
		{"a training station has a folder of its own", "--data /d --training", func(o options) bool { return o.folder() == "/d/A1-training" }, ""},
		{"the code is read from a file", "--enrol-code-file " + code, func(o options) bool { return o.code == "alder-creek-1" }, ""},
		{"Spanish", "--language es", func(o options) bool { return o.language == "es" }, ""},
		{"no such role", "--role teller", nil, "a cashier or a kiosk"},
		{"no such station id", "--station a-1", nil, "station"},
		{"too small a window", "--size 640x480", nil, "1366x768"},
		{"a size that is none", "--size wide", nil, "1366x768"},
		{"no such level", "--drawer-open up", nil, "high, low or none"},
		{"no such language", "--language de", nil, "de"},
		{"a lock in the past", "--lock-after -1m", nil, "5m"},
		{"a code that is not there", "--enrol-code-file /nowhere", nil, "enrolment code"},
		{"something left over", "open", nil, "not an option"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("GATEHOUSE_ENROL_CODE", "")
			o, err := parse(strings.Fields(c.args), &bytes.Buffer{})
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Fatalf("got %v, want a sentence with %q", err, c.wrong)
				}
				return
			}
			if err != nil || !c.holds(o) {
				t.Fatalf("got %+v, %v", o, err)
			}
		})
	}
}

func TestWithoutADisplayThereIsASentence(t *testing.T) {
	for _, c := range []struct{ display, want string }{
		{"", "there is no display"},
		{"nonsense", "names no display"},
		{":-1", "names no display"},
		{":x", "names no display"},
		{":64999", "does not answer"},
		{"127.0.0.1:59000", "does not answer"},
	} {
		t.Setenv("DISPLAY", c.display)
		var said bytes.Buffer
		if code := run(nil, &said); code != 2 || !strings.Contains(said.String(), c.want) || strings.Contains(said.String(), "goroutine") {
			t.Errorf("DISPLAY=%q: exit %d, said %q; want 2 and %q", c.display, code, said.String(), c.want)
		}
	}
}

func TestHelpAndWrongOptions(t *testing.T) {
	var said bytes.Buffer
	if code := run([]string{"--help"}, &said); code != 0 || !strings.Contains(said.String(), "-printer") {
		t.Errorf("--help: exit %d, said %q", code, said.String())
	}
	if code := run([]string{"--role", "boss"}, &said); code != 2 {
		t.Errorf("a role that is none: exit %d, want 2", code)
	}
}

func TestALongLogIsPutAside(t *testing.T) {
	o := options{data: t.TempDir(), station: "A1"}
	if err := os.MkdirAll(o.folder(), 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.folder(), "station.log")
	if err := os.WriteFile(path, bytes.Repeat([]byte("long\n"), maxLog/5+1), 0o600); err != nil {
		t.Fatal(err)
	}
	log, done := openLog(o, &bytes.Buffer{})
	log.Info("begun")
	done()
	now, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(now), "begun") || len(now) > 1000 {
		t.Errorf("the new log has %d bytes, %v", len(now), err)
	}
	if _, err := os.Stat(path + ".1"); err != nil {
		t.Errorf("the old log is gone: %v", err)
	}
}

func TestALogThatCannotBeWrittenGoesElsewhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	log, done := openLog(options{data: file, station: "A1"}, &said)
	defer done()
	log.Info("here")
	if !strings.Contains(said.String(), "here") {
		t.Errorf("nothing was said: %q", said.String())
	}
}

func TestTheAgeOfTheProcessGrows(t *testing.T) {
	first, err := age()
	if err != nil {
		t.Fatal(err)
	}
	second, err := age()
	if err != nil || first < 0 || second < first || second > 24*time.Hour {
		t.Errorf("%s, then %s, %v", first, second, err)
	}
}
