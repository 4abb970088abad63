package replica_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// TestRowsThatSomebodyAlteredInTheDatabaseAreNoticed: who may do anything in the
// database still makes no ledger that central would report from. (Who writes the
// whole chain anew is found by the station: sync/station, a fork.)
func TestRowsThatSomebodyAlteredInTheDatabaseAreNoticed(t *testing.T) {
	server := storetest.StartPostgres(t)
	for name, statement := range map[string]string{
		"nothing":                "SELECT 1",
		"a byte of an entry":     "UPDATE entry SET raw = set_byte(raw, length(raw)/2, get_byte(raw, length(raw)/2) # 1) WHERE seq = 3",
		"an entry is gone":       "DELETE FROM entry WHERE seq = 3",
		"the last entry":         "UPDATE entry SET raw = set_byte(raw, length(raw)-1, get_byte(raw, length(raw)-1) # 1) WHERE seq = 5",
		"one in another's place": "UPDATE entry SET raw = (SELECT raw FROM entry e WHERE e.log_id = entry.log_id AND e.seq = 4) WHERE seq = 3",
	} {
		t.Run(name, func(t *testing.T) {
			url := server.Database(t)
			codec, err := wire.NewCodec()
			must(t, err)
			kept, err := store.OpenPostgres(t.Context(), store.PostgresOptions{URL: url, Codec: codec})
			must(t, err)
			defer kept.Close()
			s := storetest.NewStation(t, "A1")
			s.Pay(t, 4, 18820)
			_, err = kept.Enrol(t.Context(), s.Entries(t, 1, 1)[0])
			must(t, err)
			_, err = kept.Append(t.Context(), s.Batch(t, 2, 4))
			must(t, err)

			superuser, err := pgx.Connect(t.Context(), url)
			must(t, err)
			defer superuser.Close(t.Context())
			_, err = superuser.Exec(t.Context(), statement)
			must(t, err)

			r := newReplicas(t, kept, t.TempDir(), 4)
			err = r.Read(t.Context(), s.Book.Identity().Log, func(*ledger.State) error { return nil })
			if (err == nil) != (name == "nothing") {
				t.Errorf("central reports: %v", err)
			}
		})
	}
}
