package staff

import (
	"encoding/binary"
	"time"

	"gatehouse/ledger"
)

// present is who is signed in at this station: one row, "now", with the body of
// the entry that signed them in.
type present struct{}

func (present) Name() string         { return "staff.present" }
func (present) Kinds() []ledger.Kind { return []ledger.Kind{KindSignedIn, KindSignedOut} }

var keyNow = []byte("now")

func (present) Fold(t ledger.Table, e *ledger.Entry) error {
	if e.Kind == KindSignedOut {
		t.Delete(keyNow)
		return nil
	}
	t.Put(keyNow, e.Body)
	return nil
}

// wrong counts wrong PINs in a row: person → count (4 bytes), time of the last
// in microseconds (8 bytes). A right PIN clears the row.
type wrong struct{}

func (wrong) Name() string         { return "staff.wrong" }
func (wrong) Kinds() []ledger.Kind { return []ledger.Kind{KindSignedIn, KindWrongPIN, KindRightPIN} }

func (wrong) Fold(t ledger.Table, e *ledger.Entry) error {
	switch e.Kind {
	case KindSignedIn:
		body, err := ledger.Unpack[SignedIn](e)
		if err == nil {
			t.Delete([]byte(body.Who))
		}
		return err
	case KindRightPIN:
		body, err := ledger.Unpack[RightPIN](e)
		if err == nil {
			t.Delete([]byte(body.Who))
		}
		return err
	}
	body, err := ledger.Unpack[WrongPIN](e)
	if err != nil {
		return err
	}
	var row [12]byte
	copy(row[:], t.Get([]byte(body.Who)))
	binary.BigEndian.PutUint32(row[:], binary.BigEndian.Uint32(row[:])+1)
	binary.BigEndian.PutUint64(row[4:], uint64(e.Micros))
	t.Put([]byte(body.Who), row[:])
	return nil
}

// Views are the views of this duty.
func Views() []ledger.View { return []ledger.View{present{}, wrong{}, rights{}} }

// Present is who is signed in at this station, if anybody is.
func Present(s *ledger.State) (SignedIn, bool, error) {
	row := s.Rows(present{}.Name()).Get(keyNow)
	if row == nil {
		return SignedIn{}, false, nil
	}
	body, err := ledger.Unpack[SignedIn](&ledger.Entry{Kind: KindSignedIn, Body: row})
	return body, err == nil, err
}

// wrongPINs is how many wrong PINs in a row, and when the last was.
func wrongPINs(s *ledger.State, who ID) (count int, last time.Time) {
	row := s.Rows(wrong{}.Name()).Get([]byte(who))
	if len(row) != 12 {
		return 0, time.Time{}
	}
	return int(binary.BigEndian.Uint32(row)), time.UnixMicro(int64(binary.BigEndian.Uint64(row[4:])))
}
