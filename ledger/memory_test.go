package ledger

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestAViewInMemoryIsAMap puts, changes and deletes rows at random, and compares
// with a map.
func TestAViewInMemoryIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, want := newMemory(), make(map[string]string)
		key := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint("k", rapid.IntRange(0, 90).Draw(t, "n")) })
		for range rapid.IntRange(1, 600).Draw(t, "steps") {
			k := key.Draw(t, "key")
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				m.Delete([]byte(k))
				delete(want, k)
			case 1:
				got, ok := m.Get([]byte(k)), false
				if _, ok = want[k]; ok != (got != nil) || string(got) != want[k] {
					t.Fatalf("%s is %q, want %q", k, got, want[k])
				}
			default:
				v := rapid.StringN(0, 5, -1).Draw(t, "value")
				m.Put([]byte(k), []byte(v))
				want[k] = v
			}
		}
		var keys []string
		for _, r := range m.all() {
			keys = append(keys, string(r.key))
			if !bytes.Equal(r.value, []byte(want[string(r.key)])) {
				t.Fatalf("%s is %q, want %q", r.key, r.value, want[string(r.key)])
			}
		}
		if !slices.Equal(keys, slices.Sorted(maps.Keys(want))) || m.len() != len(want) {
			t.Fatalf("rows %v, want %v", keys, slices.Sorted(maps.Keys(want)))
		}
	})
}
