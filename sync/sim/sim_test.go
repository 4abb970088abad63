package sim

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var (
	first = flag.Uint64("sim.first", 0, "the first seed that TestSeeds plays")
	seeds = flag.Uint64("sim.seeds", 40, "how many seeds TestSeeds plays")
)

// folder is a disk in memory, where there is one.
func folder(t testing.TB) string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		dir, err := os.MkdirTemp("/dev/shm", "gatehouse-sim-")
		if err == nil {
			t.Cleanup(func() { os.RemoveAll(dir) })
			return dir
		}
	}
	return t.TempDir()
}

func played(t testing.TB, seed uint64, dir string, hours int, wrong wrongs) Result {
	t.Helper()
	r, err := run(t.Context(), Options{Seed: seed, Stations: 3, Hours: hours, Folder: dir}, wrong)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSeeds: nothing acknowledged is missing, nothing is there twice, every total
// agrees, whatever happens. And everything that may happen does.
func TestSeeds(t *testing.T) {
	var all Happened
	forks, dir := 0, folder(t)
	for seed := *first; seed < *first+*seeds; seed++ {
		r := played(t, seed, dir, 48, wrongs{})
		all.Add(r.Happened)
		forks += r.Forks
		if len(r.Wrong) > 0 {
			t.Errorf("seed %d: %s\nto see it again: gatehousectl sim --seed %d --trace -", seed, strings.Join(r.Wrong, "\n"), seed)
		}
	}
	t.Logf("%+v, %d forks", all, forks)
	fields := reflect.ValueOf(all)
	for i := range fields.NumField() {
		if fields.Field(i).Int() == 0 {
			t.Errorf("%s never happened", fields.Type().Field(i).Name)
		}
	}
	if forks == 0 {
		t.Error("there never was a fork")
	}
}

// TestASeedReplays: the same seed is the same run to the last byte of its trace, and
// another one is another run.
func TestASeedReplays(t *testing.T) {
	dir := folder(t)
	trace := func(seed uint64) (string, string) {
		var out bytes.Buffer
		r, err := Run(t.Context(), Options{Seed: seed, Stations: 3, Hours: 24, Folder: dir, Trace: &out})
		if err != nil {
			t.Fatal(err)
		}
		return r.Hash, out.String()
	}
	for seed := range uint64(5) {
		hash, lines := trace(seed)
		again, same := trace(seed)
		if hash != again || lines != same || strings.Count(lines, "\n") < 50 {
			t.Errorf("seed %d: %s and then %s", seed, hash, again)
		}
		if other, _ := trace(seed + 100); other == hash {
			t.Errorf("seeds %d and %d are one run", seed, seed+100)
		}
	}
}

// TestTheVerdictSeesWhatIsWrong puts a fault into the machinery, one at a time. Each is
// found within a few hundred seeds; to be quick, those that few seeds find begin near one.
func TestTheVerdictSeesWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		wrong wrongs
		from  uint64
		says  string
	}{
		"central acknowledges before it is on disk": {wrongs{forgetful: true}, 66, "fork is said where there is none|never copied|and central|has not"},
		"central says a head that it lost":          {wrongs{proud: true}, 0, "are the same|is not its last entry"},
		"central takes a fork for a repetition":     {wrongs{blind: true}, 20, "are the same|its side|has not"},
		"central keeps no evidence":                 {wrongs{careless: true}, 0, "its side of the fork is not at central"},
		"a clerk's act has another id each time":    {wrongs{hasty: true}, 0, "is there 2 times"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, says := folder(t), regexp.MustCompile(test.says)
			for seed := test.from; seed < test.from+300; seed++ {
				if r := played(t, seed, dir, 24, test.wrong); len(r.Wrong) > 0 {
					if text := strings.Join(r.Wrong, "\n"); !says.MatchString(text) {
						t.Errorf("seed %d says %s", seed, text)
					}
					return
				}
			}
			t.Error("300 seeds did not find it")
		})
	}
}
