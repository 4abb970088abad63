package store_test

import (
	"testing"

	"gatehouse/central/storetest"
	"gatehouse/sync/wire"
)

// BenchmarkAppend takes in batches of 500 payments, fully verified. "checked" is
// what the checks alone allow, the limit that the disk takes from in "stored".
func BenchmarkAppend(b *testing.B) {
	const size = 500
	s := storetest.NewStation(b, "A1")
	s.Pay(b, size, 4250)
	batch := s.Batch(b, 2, size)
	codec, err := wire.NewCodec()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("checked", func(b *testing.B) {
		for b.Loop() {
			if _, err := codec.Open(s.Key.Public(), batch); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "entries/s")
		b.ReportMetric(float64(len(batch.Packed))/size, "B/entry")
	})
	b.Run("stored", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			kept := openBolt(b, b.TempDir(), nil)
			if _, err := kept.Enrol(b.Context(), s.Entries(b, 1, 1)[0]); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			if _, err := kept.Append(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			if err := kept.Close(); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}
