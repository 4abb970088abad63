package reference

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/central/exception"
	"gatehouse/central/store"
	"gatehouse/desk/account"
	"gatehouse/sync/wire"
)

// Accounts are the numbers of the customers in force, and which of them are closed: 16
// MB for a million. Its methods may be called from any goroutine.
type Accounts struct {
	office *Office

	mu     sync.RWMutex // guards what follows
	name   wire.Hash    // of the manifest
	asOf   time.Time
	keys   []byte // one after the other, in order
	ends   []byte // where each ends, 4 bytes
	closed []byte // one bit for each
}

// NewAccounts has none until Follow.
func NewAccounts(office *Office) *Accounts { return &Accounts{office: office} }

// judgedFor is how much older than the customers in force a payment may be to be judged
// by them: as long as a station is provided to work alone.
const judgedFor = 35 * 24 * time.Hour

// Follow reads the customers again if another version is in force.
func (a *Accounts) Follow(ctx context.Context) error {
	signed, name, err := a.office.Manifest(ctx, account.Feed)
	if errors.Is(err, store.ErrNoBlob) {
		return nil
	}
	a.mu.RLock()
	same := name == a.name
	a.mu.RUnlock()
	if err != nil || same {
		return err
	}
	m, err := wire.OpenManifest(a.office.o.Signer.Public(), signed)
	if err != nil {
		return err
	}
	var keys, ends, closed []byte
	n := 0
	for r, err := range a.office.chunks.Merge(m, a.office.reader(ctx)) {
		if err != nil {
			return fmt.Errorf("read the customers in force: %w", err)
		}
		var c struct {
			Closed bool `json:"closed"`
		}
		if err := cbor.Unmarshal(r.Value, &c); err != nil {
			return fmt.Errorf("read the customers in force: %s: %w", r.Key, err)
		}
		keys = append(keys, r.Key...)
		ends = binary.BigEndian.AppendUint32(ends, uint32(len(keys)))
		if n%8 == 0 {
			closed = append(closed, 0)
		}
		if c.Closed {
			closed[n/8] |= 1 << (n % 8)
		}
		n++
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.name, a.asOf, a.keys, a.ends, a.closed = name, m.At(), keys, ends, closed
	return nil
}

// Standing is an exception.Accounts.
func (a *Accounts) Standing(no account.No, at time.Time) (exception.Standing, error) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.name == (wire.Hash{}) || at.Before(a.asOf.Add(-judgedFor)) {
		return exception.Unknowable, nil
	}
	n := len(a.ends) / 4
	i := sort.Search(n, func(i int) bool { return a.key(i) >= string(no) })
	switch {
	case i == n || a.key(i) != string(no):
		return exception.Absent, nil
	case a.closed[i/8]&(1<<(i%8)) != 0:
		return exception.Closed, nil
	}
	return exception.Open, nil
}

func (a *Accounts) key(i int) string {
	from := uint32(0)
	if i > 0 {
		from = binary.BigEndian.Uint32(a.ends[4*(i-1):])
	}
	return string(a.keys[from:binary.BigEndian.Uint32(a.ends[4*i:])])
}
