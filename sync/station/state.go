package station

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"gatehouse/sync/wire"
)

// State is what the screen shows about the way to central.
type State struct {
	Online        bool      // central answered the last time it was asked
	LastContact   time.Time // when it last answered; zero for never since the start
	Relay         bool      // what answered is the office's relay
	CutOff        bool      // the relay answered, and does not reach central itself
	AtRelay       uint64    // number of the last entry that the relay says it has; 0 without one
	AtCentral     uint64    // number of the last entry that central says it has
	Waiting       uint64    // entries after it
	OldestWaiting time.Time // when the oldest of them was made; zero if none waits
	Fork          bool      // nothing is sent any more; a person must look
	ForkShown     bool      // central has this side of the fork, as evidence, as it was at the last hour
	ForkFull      bool      // central does not keep all of it: the rest is in this ledger alone
	Code          string    // what is wrong, for ui/words; empty if nothing
	Err           string    // the same as an English sentence; empty if nothing
}

// The codes of State.
const (
	CodeUnreachable = "sync.unreachable"  // no network, no central, or a cut on the way
	CodeFork        = "sync.fork"         // see State.Fork
	CodeNotEnrolled = "sync.not_enrolled" // central does not know the log, and there is no code
	CodeBadCode     = "sync.bad_code"     // central refused the enrolment code
	CodeOtherKey    = "sync.other_key"    // central signs with another key than before
	CodeRevoked     = "sync.revoked"      // a person at central revoked this station
	CodeRefused     = "sync.refused"      // central refused; its words are in the sentence
	CodeBadAnswer   = "sync.bad_answer"   // what answers there is not central, or another version
	CodeLedger      = "sync.ledger"       // this station's ledger cannot be read
)

// trouble is why an exchange with central failed.
type trouble struct {
	code    string
	text    string // for the person
	reached bool   // central or a relay of it did answer, and not what stands in its place
	cause   error  // for the log
	fork    *wire.Head
	after   time.Duration // central asks not to be asked again before
}

func (t *trouble) Error() string {
	if t.cause == nil {
		return t.text
	}
	return fmt.Sprintf("%s (%v)", t.text, t.cause)
}

func (t *trouble) Unwrap() error { return t.cause }

func unreachable(cause error) *trouble {
	if t := untrusted(cause); t != nil {
		return t
	}
	return &trouble{code: CodeUnreachable, text: "Central cannot be reached. Everything is kept here and will be sent.", cause: cause}
}

func badAnswer(cause error) *trouble {
	return &trouble{code: CodeBadAnswer, text: "What answers at central's address cannot be understood. Everything is kept here.", cause: cause}
}

// codeRest is how long a code that was refused is not tried again: it does not
// become right by itself, and central listens to nobody who guesses.
const codeRest = time.Minute

// refused puts central's problem into a sentence.
func refused(a wire.Answer) *trouble {
	t := &trouble{code: CodeRefused, reached: true, cause: fmt.Errorf("%s: %s", a.Problem, a.Text)}
	switch a.Problem {
	case wire.ProblemCode:
		t.after = codeRest
		t.code, t.text = CodeBadCode, "Central refused this station's enrolment code. Ask the person who runs central for the right one."
	case wire.ProblemRevoked:
		t.code, t.text = CodeRevoked, "Central does not trust this station any more: somebody there revoked it. Everything is kept here; ask the person who runs central."
	case wire.ProblemOtherKey:
		t.text = "Central knows this ledger with another key. Ask the person who runs central."
	case wire.ProblemUpstream:
		t.code, t.text = CodeUnreachable, "This office's relay does not reach central, which has to know a new station first. Everything is kept here."
	case wire.ProblemBusy:
		t.text = "Central has too much to do at the moment. Everything is kept here and will be sent."
	case wire.ProblemStore:
		t.text = "Central cannot store anything now. Everything is kept here and will be sent."
	case wire.ProblemTooNew:
		t.text = "Central is older than this station and cannot read what it sends. Everything is kept here until central is brought up to date."
	default:
		t.text = "Central refused what this station sent. Everything is kept here; ask the person who runs central."
	}
	return t
}

// forked says that central's head is not in this log.
func forked(head wire.Head, own uint64) *trouble {
	text := fmt.Sprintf("Central has another entry %d of this ledger than this station: it was copied, or an older copy was put back. Nothing is sent any more and nothing is lost. Call the person who runs central before taking more money.", head.Seq)
	if head.Seq > own {
		text = fmt.Sprintf("Central has this ledger up to entry %d, this station only up to %d: an older copy of it was put back, or it was copied. Nothing is sent any more and nothing is lost. Call the person who runs central before taking more money.", head.Seq, own)
	}
	return &trouble{code: CodeFork, text: text, reached: true, fork: &head}
}

// asTrouble makes a trouble of any error.
func asTrouble(err error) *trouble {
	var t *trouble
	if errors.As(err, &t) {
		return t
	}
	return &trouble{code: CodeLedger, text: "This station's ledger cannot be read to be sent to central.", cause: err}
}

// board holds a state and tells those who look at it.
type board[S comparable] struct {
	mu    sync.Mutex
	state S
	next  int
	looks map[int]chan S
}

func newBoard[S comparable]() board[S] { return board[S]{looks: make(map[int]chan S)} }

// State is the state now.
func (b *board[S]) State() S {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// Offline says that a payment taken now will not be at central at once. It is
// what desk.Options.Offline asks for. Before central answered for the first
// time it is true.
func (f *Follower) Offline() bool {
	s := f.State()
	return !s.Online || s.CutOff || s.Fork
}

// Subscribe returns a channel that holds the newest state whenever it changed,
// beginning with the one now, and a function that ends it. A reader that is slow
// misses states in between, never the last.
func (b *board[S]) Subscribe() (<-chan S, func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id, ch := b.next, make(chan S, 1)
	b.next++
	b.looks[id] = ch
	ch <- b.state
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.looks, id)
	}
}

func (b *board[S]) change(how func(*S)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.state
	how(&b.state)
	if b.state == before {
		return
	}
	for _, ch := range b.looks {
		select {
		case <-ch:
		default:
		}
		ch <- b.state
	}
}
