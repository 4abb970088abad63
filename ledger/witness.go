package ledger

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
)

// A witness is a mirror that comes and goes: a stick, or a folder of another
// station. It has a mirror's files, and one more, the marker, which a person
// puts there once (PrepareWitness): without it the folder is not touched, for
// the place of a stick that is not plugged in looks like an empty folder. The
// marker says whose the copy is and how far it goes, signed by the station.

// WitnessMarker is the name of the marker's file.
const WitnessMarker = "gatehouse-witness.json"

const (
	// witnessPause is the least time between two writings of a witness.
	witnessPause = 2 * time.Second
	// witnessLook is how often a station looks whether a witness is there.
	witnessLook = 10 * time.Second
	// witnessHung is after how long a witness that is being written counts as gone.
	witnessHung = 30 * time.Second
	// maxMarker bounds the marker, in bytes.
	maxMarker = 4 << 10
)

// What is wrong with a witness.
var (
	// ErrWitnessAway: there is no prepared folder: the stick is not plugged in.
	ErrWitnessAway = errors.New("the witness is not there")
	// ErrWitnessOther: it is the copy of another ledger. It is not written to.
	ErrWitnessOther = errors.New("the witness is of another ledger")
	// ErrWitnessAhead: it knows entries that the ledger does not. The ledger lost
	// its end, or is an older copy. It is not written to; a person decides.
	ErrWitnessAhead = errors.New("the witness goes on where the ledger ends")
	// ErrWitnessDiffers: it has other entries under the same numbers. It is not
	// written to; a person decides.
	ErrWitnessDiffers = errors.New("the witness and the ledger tell different things")
)

// marker is the marker's file.
type marker struct {
	Station   StationID `json:"station,omitempty"`
	Log       string    `json:"log,omitempty"`
	Seq       uint64    `json:"seq,omitempty"`
	Leaf      string    `json:"leaf,omitempty"`
	Signature string    `json:"signature,omitempty"` // of the station's key over the head, hexadecimal
	At        time.Time `json:"at,omitzero"`
}

// PrepareWitness makes a folder a witness, for the first station that writes to
// it. The folder must be there; one that is prepared stays as it is.
func PrepareWitness(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, WitnessMarker), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("prepare the witness: %w", err)
	}
	_, err = f.WriteString("{}\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("prepare the witness: %w", err)
	}
	return nil
}

// WitnessAbout is what a witness says about itself.
type WitnessAbout struct {
	Station StationID // empty while nobody wrote to it
	Log     LogID
	Seq     uint64 // of the last entry that the station said it has; 0 for none
	Leaf    Leaf
	At      time.Time // when, by the station's clock

	signature []byte
	text      []byte
}

// ReadWitness reads what a witness says about itself: ErrWitnessAway if it is
// not there. A marker that was spoilt says nothing; the entries beside it count.
func ReadWitness(dir string) (WitnessAbout, error) {
	var a WitnessAbout
	f, err := os.Open(filepath.Join(dir, WitnessMarker))
	if err != nil {
		return a, fmt.Errorf("%w: %w", ErrWitnessAway, err)
	}
	defer f.Close()
	if a.text, err = io.ReadAll(io.LimitReader(f, maxMarker)); err != nil {
		return a, fmt.Errorf("read the witness: %w", err)
	}
	var m marker
	if json.Unmarshal(a.text, &m) != nil || m.Seq == 0 {
		return a, nil
	}
	station, err1 := ParseStationID(string(m.Station))
	log, err2 := ParseLogID(m.Log)
	leaf, err3 := hex.DecodeString(m.Leaf)
	signature, err4 := hex.DecodeString(m.Signature)
	if errors.Join(err1, err2, err3, err4) != nil || len(leaf) != len(Leaf{}) {
		return a, nil
	}
	return WitnessAbout{Station: station, Log: log, Seq: m.Seq, Leaf: Leaf(leaf), At: m.At, signature: signature, text: a.text}, nil
}

// witnessEnd reads how far a witness goes, without changing anything there: the
// last whole entry, and the head that the station signed, which may lie further.
func witnessEnd(dir string, id Identity) (about WitnessAbout, end Head, err error) {
	if about, err = ReadWitness(dir); err != nil {
		return about, end, err
	}
	files, err := mirrorFiles(dir)
	if err != nil {
		return about, end, err
	}
	for i := len(files) - 1; i >= 0; i-- {
		_, last, err := scanMirrorFile(files[i])
		if err != nil {
			return about, end, err
		}
		if last == nil {
			continue // torn at its first entry
		}
		if last.Log != id.Log {
			return about, end, fmt.Errorf("%w: log %s", ErrWitnessOther, last.Log)
		}
		end = Head{Seq: last.Seq, Leaf: last.Leaf}
		break
	}
	switch {
	case about.Seq == 0:
	case about.Log != id.Log:
		return about, end, fmt.Errorf("%w: station %s, log %s", ErrWitnessOther, about.Station, about.Log)
	case about.Seq > end.Seq && CheckHead(id.Key, id.Log, about.Seq, about.Leaf, about.signature):
		end = Head{Seq: about.Seq, Leaf: about.Leaf} // it lost its end, and knows of it
	}
	return about, end, nil
}

// leafAt is the leaf of an entry, as a ledger or a witness has it.
type leafAt func(seq uint64) (Leaf, error)

// compareWitness says whether everything that a witness has is in the ledger,
// whose head is given.
func compareWitness(dir string, id Identity, head Head, here leafAt) (WitnessAbout, error) {
	about, end, err := witnessEnd(dir, id)
	if err != nil || end.Seq == 0 {
		return about, err
	}
	if end.Seq <= head.Seq {
		leaf, err := here(end.Seq)
		if err == nil && leaf != end.Leaf {
			err = fmt.Errorf("%w: entry %d", ErrWitnessDiffers, end.Seq)
		}
		return about, err
	}
	for e, err := range mirrorEntries(dir, head.Seq) {
		if errors.Is(err, errTorn) {
			break
		}
		if err != nil {
			return about, err
		}
		if e.Seq == head.Seq && e.Leaf != head.Leaf {
			return about, fmt.Errorf("%w: entry %d", ErrWitnessDiffers, e.Seq)
		}
		break
	}
	return about, fmt.Errorf("%w: it has %d entries, the ledger %d", ErrWitnessAhead, end.Seq, head.Seq)
}

// askWitnesses compares the ledger with each of its witnesses that is there, and
// does not wait long for one that is not. A ledger that is shorter than a
// witness is put before a person, who restores it or takes the witness away.
func (b *Book) askWitnesses() error {
	db, id, head := b.db, b.id, b.head // what hangs must not look at the book later
	for _, dir := range b.o.Witnesses {
		err := b.soon(func() error {
			_, err := compareWitness(dir, id, head, func(seq uint64) (leaf Leaf, err error) {
				err = db.View(func(tx *bolt.Tx) error {
					e, err := (&State{tx: tx, head: head}).Entry(seq)
					leaf = e.Leaf
					return err
				})
				return leaf, err
			})
			return err
		})
		switch {
		case errors.Is(err, ErrWitnessAhead), errors.Is(err, ErrWitnessDiffers):
			return fmt.Errorf("%s: %w; keep both, and restore the ledger with gatehousectl restore, or start without this witness", dir, err)
		case err != nil:
			b.o.Log.Warn("the ledger could not be compared with its witness", "folder", dir, "cause", err)
		}
	}
	return nil
}

// witnessed is an error if a witness holds a ledger of this station, whose file
// is not there.
func (b *Book) witnessed() error {
	for _, dir := range b.o.Witnesses {
		err := b.soon(func() error {
			about, err := ReadWitness(dir)
			if err == nil && about.Seq > 0 && about.Station == b.o.Station {
				err = fmt.Errorf("%s: %w: it has %d entries of station %s, whose ledger is not there; restore it with gatehousectl restore, or start without this witness to begin anew",
					dir, ErrWitnessAhead, about.Seq, about.Station)
			}
			return err
		})
		if errors.Is(err, ErrWitnessAhead) {
			return err
		}
	}
	return nil
}

// soon runs what may hang, and gives up waiting for it.
func (b *Book) soon(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- guard(f) }()
	select {
	case err := <-done:
		return err
	case <-time.After(b.o.WitnessWait):
		return ErrWitnessAway
	}
}

// WitnessState is what the screen shows of a witness.
type WitnessState struct {
	Dir string
	// Seq is the last entry that it was seen to have; 0 for none since the start.
	Seq uint64
	// At is when it last had the whole ledger; zero for never since the start.
	At time.Time
	// Err is what hinders it now, nil while nothing does: one of the errors
	// ErrWitness…, or the system's.
	Err error
}

// Witness carries a ledger to one witness.
type Witness struct {
	dir  string
	m    *mirror // as it was left; nil: to be looked at again
	text []byte  // the marker as it was left

	mu    sync.Mutex // guards state
	state WitnessState
}

// NewWitness makes the follower of one folder. It does nothing until Follow.
func NewWitness(dir string) *Witness {
	return &Witness{dir: dir, state: WitnessState{Dir: dir, Err: ErrWitnessAway}}
}

// State is how the witness is now.
func (w *Witness) State() WitnessState {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

// Follow copies the book to the witness whenever it is there, until ctx ends;
// then once more, if that is done soon. It waits for nothing that the desk waits
// for.
func (w *Witness) Follow(ctx context.Context, b *Book) {
	for w.patiently(ctx, b) {
		pause := witnessPause
		if w.State().Err != nil {
			pause = witnessLook
		} else {
			look, cancel := context.WithTimeout(ctx, witnessLook)
			_ = b.Wait(look, w.State().Seq) // it grew, or it is time to look whether the stick is there
			cancel()
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			w.patiently(ctx, b)
			return
		}
	}
}

// patiently takes one step, which may hang for good. It is false if the step was
// left hanging.
func (w *Witness) patiently(ctx context.Context, b *Book) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = w.Step(b) // it is in State
	}()
	hung := time.NewTimer(witnessHung)
	defer hung.Stop()
	ended := ctx.Done()
	var enough <-chan time.Time
	for {
		select {
		case <-done:
			return true
		case <-hung.C:
			w.show(b, ErrWitnessAway)
		case <-ended:
			ended, enough = nil, time.After(b.o.WitnessWait)
		case <-enough:
			return false
		}
	}
}

// Step brings the witness to the end of the ledger, if it is there and this
// ledger's. Nothing is held open afterwards: it may be pulled out at any time.
func (w *Witness) Step(b *Book) error {
	err := w.step(b)
	if err != nil {
		w.m = nil
	}
	w.show(b, err)
	return err
}

func (w *Witness) step(b *Book) error {
	if err := w.find(b); err != nil {
		return err
	}
	before := w.m.head
	err := w.m.catchUp(b)
	if w.m.file != nil {
		err = errors.Join(err, w.m.file.Close())
		w.m.file = nil
	}
	if err != nil || (w.m.head == before && w.m.head.Seq > 0 && w.signed()) {
		return err
	}
	return w.mark(b)
}

// signed says whether the marker speaks of the end that is there.
func (w *Witness) signed() bool {
	var m marker
	return json.Unmarshal(w.text, &m) == nil && m.Seq == w.m.head.Seq
}

// find opens the newest file of the witness at its end: as it was left, or after
// it was compared with the ledger.
func (w *Witness) find(b *Book) error {
	if w.m != nil && w.asLeft() {
		return w.m.reopen()
	}
	about, err := compareWitness(w.dir, b.Identity(), b.Head(), func(seq uint64) (Leaf, error) {
		at, err := b.Entries(seq, 1)
		if err == nil && len(at) == 0 {
			err = fmt.Errorf("entry %d is not in the ledger", seq)
		}
		if err != nil {
			return Leaf{}, err
		}
		return at[0].Leaf, nil
	})
	if err != nil {
		return err
	}
	w.m = &mirror{dir: w.dir, id: b.Identity().Log, log: b.o.Log}
	w.text = about.text
	return w.m.find()
}

// asLeft says whether the folder is as this follower left it.
func (w *Witness) asLeft() bool {
	about, err := ReadWitness(w.dir)
	if err != nil || string(about.text) != string(w.text) {
		return false
	}
	files, err := mirrorFiles(w.dir)
	if err != nil || len(files) == 0 {
		return err == nil && w.m.head.Seq == 0
	}
	info, err := os.Stat(files[len(files)-1])
	return err == nil && info.Size() == w.m.size
}

// reopen opens the newest file again, at the end that is known.
func (m *mirror) reopen() error {
	files, err := mirrorFiles(m.dir)
	if err != nil || len(files) == 0 {
		return err
	}
	if m.file, err = os.OpenFile(files[len(files)-1], os.O_RDWR, 0); err != nil {
		return err
	}
	return seekTo(m.file, m.size)
}

// mark signs how far the witness goes.
func (w *Witness) mark(b *Book) error {
	id, head := b.Identity(), w.m.head
	text, err := json.MarshalIndent(marker{Station: id.Station, Log: id.Log.String(), Seq: head.Seq, Leaf: head.Leaf.String(),
		Signature: hex.EncodeToString(SignHead(b.Signer(), id.Log, head.Seq, head.Leaf)), At: b.o.Clock().UTC().Truncate(time.Second)}, "", "  ")
	if err != nil {
		return err
	}
	if err := WriteFile(filepath.Join(w.dir, WitnessMarker), text, 0o600); err != nil {
		return err
	}
	w.text = text
	return nil
}

// show puts the outcome of a step into the state.
func (w *Witness) show(b *Book, err error) {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENODEV) {
		err = fmt.Errorf("%w: %w", ErrWitnessAway, err) // pulled out
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		w.state.Seq, w.state.At = w.m.head.Seq, b.o.Clock()
	}
	switch was := w.state.Err; {
	case err != nil && (was == nil || !errors.Is(err, ErrWitnessAway)) && (was == nil || was.Error() != err.Error()):
		b.o.Log.Warn("the witness is not written", "folder", w.dir, "cause", err)
	case err == nil && was != nil:
		b.o.Log.Info("the witness is written", "folder", w.dir, "entries", w.state.Seq)
	}
	w.state.Err = err
}
