package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/sync/wire"
)

func TestWhomTheStationIsToldToTrust(t *testing.T) {
	dir := t.TempDir()
	empty, noCertificate := filepath.Join(dir, "empty"), filepath.Join(dir, "none")
	for path, text := range map[string]string{empty: "", noCertificate: "no certificate"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pin := wire.Pin{1}.String()
	for name, test := range map[string]struct {
		args []string
		want string // in the error; empty is none
	}{
		"nothing":                     {nil, ""},
		"a pin":                       {[]string{"--central-pin", pin}, ""},
		"two pins":                    {[]string{"--central-pin", pin + "," + wire.Pin{2}.String()}, ""},
		"no pin":                      {[]string{"--central-pin", "sha256/x"}, "--central-pin"},
		"a file that is not there":    {[]string{"--central-ca", filepath.Join(dir, "away")}, "--central-ca"},
		"an empty file":               {[]string{"--central-ca", empty}, "is empty"},
		"a file without certificates": {[]string{"--central-ca", noCertificate}, "no certificate"},
	} {
		o, err := parse(append([]string{"--data", dir}, test.args...), &bytes.Buffer{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.trusted.trust()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}
