package main_test

import (
	"context"
	"net"
	"regexp"
	"strings"
	"testing"

	"gatehouse/central/storetest"
	main "gatehouse/cmd/gatehouse-central"
	"gatehouse/sync/station"
)

// shown is where central says that it shows its metrics.
func shown(t *testing.T, log *logged) string {
	t.Helper()
	found := regexp.MustCompile(`msg=metrics address=(\S+)`).FindStringSubmatch(log.String())
	if found == nil {
		t.Fatalf("no metrics:\n%s", log)
	}
	return "http://" + found[1]
}

func TestPrometheusSeesWhatAStationSends(t *testing.T) {
	data := t.TempDir()
	code := issue(t, data)
	address, log, _ := running(t, data, "--metrics-listen", "127.0.0.1:0")
	metrics := shown(t, log)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 3, 18820)
	f, _ := follow(t, s, station.Options{URL: "http://" + address, Code: code})
	until(t, f, "carried", carried(s))
	text := page(t, metrics+"/metrics")
	for _, want := range []string{"\ngatehouse_batches_total 1\n", "\ngatehouse_entries_total 3\n", "\ngatehouse_ack_seconds_count 1\n",
		"\n" + `gatehouse_store_seconds_count{op="append"} 1` + "\n", "\ngatehouse_stations 1\n", `,station="A1"} `, "\ngatehouse_connections 1\n", "\ngo_goroutines "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ok\n", "/debug/pprof/": "goroutine"} {
		if got := page(t, metrics+path); !strings.Contains(got, want) {
			t.Errorf("%s says %q", path, got)
		}
	}
	if text := page(t, "http://"+address+"/metrics"); strings.Contains(text, "gatehouse_") {
		t.Errorf("stations see the metrics too:\n%s", text)
	}
}

func TestAnAddressForMetricsThatIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := main.Main{Getenv: environment, Ready: func(string) { cancel() }}
	err = m.Run(ctx, []string{"--data", t.TempDir(), "--listen", "127.0.0.1:0", "--metrics-listen", taken.Addr().String()})
	if err == nil || !strings.Contains(err.Error(), "--metrics-listen") {
		t.Errorf("central ended with %v", err)
	}
}
