package directory_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/desk/account/directory"
)

// What a station allows: how long a cashier may wait for the first twenty, and what
// the index of a million customers may cost.
const (
	limitP99        = 5 * time.Millisecond
	limitOpenMS     = 300
	limitDiskMB     = 110
	limitResidentMB = 100
)

// townVersion names the cached file; raise it when the town or the form changes.
const townVersion = 1

// bigIndex gives an index of 1,000,000 customers, made on the first use and kept.
func bigIndex(b *testing.B) string {
	b.Helper()
	path := filepath.Join(os.TempDir(), fmt.Sprintf("gatehouse-directory-bench-%d", townVersion), "customers.index")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := directory.Build(path, newTown(1).customers(1_000_000), directory.Options{}); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("made in %.1f s, peak memory of the program %s\n", time.Since(began).Seconds(), status("VmHWM"))
	return path
}

// queryKind says how one kind of query is made up.
type queryKind struct {
	kind string
	next func(r *rand.Rand) string
}

func queryKinds(t *town) []queryKind {
	digits := func(n int) func(*rand.Rand) string {
		return func(r *rand.Rand) string { return fmt.Sprintf("%0*d", n, r.IntN(pow10(n))) }
	}
	letter := func(r *rand.Rand) string { return string('a' + rune(r.IntN(26))) }
	key := func(r *rand.Rand) string {
		i := r.IntN(1_000_000)
		return fmt.Sprintf("%02d-%04d-%d", i/10_000, i%10_000, (i*7+i/10)%10)
	}
	first := strings.Fields(firstNames)
	return []queryKind{
		{"garcia oak", func(*rand.Rand) string { return "garcia oak" }},
		{"surname street", func(r *rand.Rand) string { return common(r, t.surnames[:140]) + " " + common(r, t.streets) }},
		{"rare surname", func(r *rand.Rand) string { return pick(r, t.surnames) }},
		{"1423", func(*rand.Rand) string { return "1423" }},
		{"four digits", digits(4)},
		{"three digits", digits(3)},
		{"two digits", digits(2)},
		{"one digit", digits(1)},
		{"one letter", letter},
		{"two letters (g o)", func(r *rand.Rand) string { return letter(r) + " " + letter(r) }},
		{"three common words", func(r *rand.Rand) string { return common(r, t.surnames[:20]) + " st " + common(r, first[:20]) }},
		{"no result", func(r *rand.Rand) string { return common(r, t.surnames[:20]) + " zzq" + letter(r) }},
		{"common and rare", func(r *rand.Rand) string { return "st " + pick(r, t.surnames) }},
		{"account number", key},
		{"account, begun", func(r *rand.Rand) string { return key(r)[:6] }},
		{"phone, seven digits", func(r *rand.Rand) string { return fmt.Sprintf("%d-%04d", 220+r.IntN(100)*7, r.IntN(10_000)) }},
		{"phone, begun (956 29)", func(r *rand.Rand) string { return fmt.Sprintf("956%d", 220+r.IntN(100)*7)[:4+r.IntN(3)] }},
		{"meter", digits(8)},
		{"eight short numbers", func(r *rand.Rand) string {
			s := ""
			for range 8 {
				s += strconv.Itoa(100+r.IntN(900)) + " "
			}
			return s
		}},
		{"eight common numbers", func(r *rand.Rand) string {
			s := "956 78 1 2 " // everybody has these; then what half of them have
			for range 4 {
				s += strconv.Itoa(10+r.IntN(20)) + " "
			}
			return s
		}},
		{"fourteen parts", func(r *rand.Rand) string {
			s := "" // joined, nobody has them; so every part is looked up
			for range 7 {
				s += fmt.Sprintf("a-%d ", 10+r.IntN(20))
			}
			return s
		}},
	}
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

// status reads one line of what Linux says about the program's memory.
func status(name string) string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "unknown"
}

func residentMB(b *testing.B) float64 {
	b.Helper()
	runtime.GC()
	debug.FreeOSMemory()
	kb, err := strconv.ParseFloat(strings.Fields(status("VmRSS"))[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}

// BenchmarkFind measures every kind of query on 1,000,000 customers, and what the
// index costs to open, on disk and in memory.
func BenchmarkFind(b *testing.B) {
	path := bigIndex(b)
	queries := queryKinds(newTown(1))
	before := residentMB(b)
	began := time.Now()
	x, err := directory.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	opened := time.Since(began)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	var table strings.Builder
	for _, q := range queries {
		row := "" // of the last and longest run
		if b.Run(q.kind, func(b *testing.B) { row = benchKind(b, x, q.next) }) && row != "" {
			fmt.Fprintf(&table, "%-24s %s\n", q.kind, row)
		}
	}
	storm(b, x, queries)
	openMS, diskMB, residentMB := opened.Seconds()*1e3, float64(info.Size())/1e6, residentMB(b)-before
	b.Run("open, size and memory", func(b *testing.B) {
		for b.Loop() { // measured once, above
		}
		b.ReportMetric(openMS, "open-ms")
		b.ReportMetric(openMS/limitOpenMS, "open/limit")
		b.ReportMetric(diskMB, "disk-MB")
		b.ReportMetric(diskMB/limitDiskMB, "disk/limit")
		b.ReportMetric(residentMB, "resident-MB")
		b.ReportMetric(residentMB/limitResidentMB, "resident/limit")
	})
	fmt.Printf("\n%-24s %8s %8s %8s %7s   ms, 20 results asked, %d customers\n%s", "query", "p50", "p99", "max", "found", x.Len(), &table)
	fmt.Printf("opened in %.2f ms; %.1f MB on disk; %.1f MB more resident after the storm (%.1f before)\n\n",
		openMS, diskMB, residentMB, before)
}

func benchKind(b *testing.B, x *directory.Index, next func(*rand.Rand) string) (row string) {
	r := rand.New(rand.NewPCG(3, 4))
	var took []time.Duration
	found := 0
	for b.Loop() {
		q := next(r)
		began := time.Now()
		keys, _, err := x.Find(q, 20)
		took = append(took, time.Since(began))
		if err != nil {
			b.Fatal(err)
		}
		found += len(keys)
	}
	slices.Sort(took)
	p50, p99, worst := took[len(took)/2], took[len(took)*99/100], took[len(took)-1]
	each := float64(found) / float64(len(took))
	b.ReportMetric(p50.Seconds()*1e3, "p50-ms")
	b.ReportMetric(p99.Seconds()*1e3, "p99-ms")
	b.ReportMetric(float64(p99)/float64(limitP99), "p99/limit")
	return fmt.Sprintf("%8.3f %8.3f %8.3f %7.1f", p50.Seconds()*1e3, p99.Seconds()*1e3, worst.Seconds()*1e3, each)
}

// storm asks 100,000 queries of every kind from four goroutines, so that the pages
// a long day touches are all in memory.
func storm(b *testing.B, x *directory.Index, kinds []queryKind) {
	b.Helper()
	var wg sync.WaitGroup
	for g := range uint64(4) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(g, 5))
			for i := range 25_000 {
				if _, _, err := x.Find(kinds[i%len(kinds)].next(r), 20); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
