package book

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"time"

	"github.com/alexedwards/argon2id"

	"gatehouse/ledger"
)

// Secret is the hash of something that only its bearer knows: the token of a
// session, the code of an enrolment. What is drawn at random needs no slow hash.
type Secret [32]byte

func secretOf(text string) Secret { return sha256.Sum256([]byte("gatehouse secret 1\x00" + text)) }

// The entries of signing in and out.
const (
	KindSignedIn     ledger.Kind = "central.signed_in.v1"
	KindSignInFailed ledger.Kind = "central.sign_in_failed.v1"
	KindSignedOut    ledger.Kind = "central.signed_out.v1"
)

// SignedIn is the body of KindSignedIn.
type SignedIn struct {
	Operator string `json:"operator"`
	Session  Secret `json:"session"` // hash of its token
	Until    int64  `json:"until"`   // microseconds since 1970 UTC
	From     string `json:"from,omitempty"`
}

// SignInFailed is the body of KindSignInFailed: a wrong password for a name that
// exists.
type SignInFailed struct {
	Operator string `json:"operator"`
	From     string `json:"from,omitempty"`
}

// SignedOut is the body of KindSignedOut.
type SignedOut struct {
	Session Secret `json:"session"`
}

// Session is an operator who is signed in.
type Session struct {
	Operator string
	Role     Role
	Until    time.Time
	// Form is the token that forms of this session carry against forgery.
	Form string
}

const (
	sessionTime = 8 * time.Hour // a shift; then the password again
	freeTries   = 5             // wrong passwords before a lock-out
	firstLock   = time.Minute   // doubling with each further one
	lastLock    = time.Hour
)

// SignIn checks a password and begins a session. The token is shown once, here.
// An unknown name costs the same time as a wrong password and gives the same
// refusal.
func (b *Book) SignIn(ctx context.Context, name, password, from string) (token string, err error) {
	hash, err := b.prove(ctx, name, password, from)
	if err != nil {
		return "", err
	}
	raw := make([]byte, 32)
	if _, err := io.ReadFull(b.o.Random, raw); err != nil {
		return "", err
	}
	token = base64.RawURLEncoding.EncodeToString(raw)
	_, err = b.Do(ctx, name, func(f *Facts) ([]ledger.Draft, error) {
		if o := f.operators[name]; o == nil || o.Gone || o.hash != hash {
			return nil, wrongPassword()
		}
		return []ledger.Draft{{Kind: KindSignedIn, Body: SignedIn{name, secretOf(token), b.now().Add(sessionTime).UnixMicro(), from}}}, nil
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// Prove checks the password of somebody who is signed in already, before an act that a
// browser left alone must not do. A wrong one counts as at a sign-in.
func (b *Book) Prove(ctx context.Context, name, password, from string) error {
	_, err := b.prove(ctx, name, password, from)
	return err
}

// prove checks a password and returns the hash that it was checked with.
func (b *Book) prove(ctx context.Context, name, password, from string) (hash string, err error) {
	var locked bool
	if err := b.See(ctx, func(f *Facts) {
		if o := f.operators[name]; o != nil && !o.Gone {
			hash, locked = o.hash, b.now().Before(o.Until)
		}
	}); err != nil {
		return "", err
	}
	if locked {
		return "", ledger.Refuse("central.locked_out", "Too many wrong passwords. Wait, then try again; it takes longer each time.").At("password")
	}
	right, err := matches(password, hash)
	if err == nil && !right {
		err = b.signInFailed(ctx, name, from)
	}
	return hash, err
}

// matches compares with a hash; without one it takes as long, and is no match.
func matches(password, hash string) (bool, error) {
	if len(password) > maxPassword {
		return false, nil
	}
	if hash == "" {
		if _, err := argon2id.CreateHash(password, cost()); err != nil {
			return false, err
		}
		return false, nil
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

func wrongPassword() *ledger.Refusal {
	return ledger.Refuse("central.wrong_password", "This name and password do not belong together.").At("password")
}

func (b *Book) signInFailed(ctx context.Context, name, from string) error {
	_, err := b.Do(ctx, Itself, func(f *Facts) ([]ledger.Draft, error) {
		// Names that do not exist are not entered: anybody could fill the log.
		if o := f.operators[name]; o == nil || o.Gone || b.now().Before(o.Until) {
			return nil, nil
		}
		return []ledger.Draft{{Kind: KindSignInFailed, Body: SignInFailed{name, from}}}, nil
	})
	if err != nil {
		return err
	}
	return wrongPassword()
}

// SignOut ends a session. One that is over already is no error.
func (b *Book) SignOut(ctx context.Context, token string) error {
	s, ok, err := b.Session(ctx, token)
	if err != nil || !ok {
		return err
	}
	id := secretOf(token)
	_, err = b.Do(ctx, s.Operator, func(f *Facts) ([]ledger.Draft, error) {
		if f.sessions[id] == nil {
			return nil, nil
		}
		return []ledger.Draft{{Kind: KindSignedOut, Body: SignedOut{id}}}, nil
	})
	return err
}

// Session finds who bears a token now; false if nobody does, or not any more.
func (b *Book) Session(ctx context.Context, token string) (s Session, ok bool, err error) {
	err = b.See(ctx, func(f *Facts) {
		found := f.sessions[secretOf(token)]
		if found == nil || !b.now().Before(found.Until) {
			return
		}
		s, ok = *found, true
		s.Role = f.operators[s.Operator].Role
		form := sha256.Sum256([]byte("gatehouse form 1\x00" + token))
		s.Form = base64.RawURLEncoding.EncodeToString(form[:16])
	})
	return s, ok, err
}

func (f *Facts) signedIn(e *ledger.Entry) error {
	in, err := ledger.Unpack[SignedIn](e)
	if err != nil {
		return err
	}
	// What is over makes room, so that the facts do not grow for ever.
	for id, s := range f.sessions {
		if !e.At().Before(s.Until) {
			delete(f.sessions, id)
		}
	}
	f.sessions[in.Session] = &Session{Operator: in.Operator, Until: time.UnixMicro(in.Until).UTC()}
	if o := f.operators[in.Operator]; o != nil {
		o.Failed, o.Until = 0, time.Time{}
	}
	return nil
}

func (f *Facts) signInFailed(e *ledger.Entry) error {
	in, err := ledger.Unpack[SignInFailed](e)
	if err != nil {
		return err
	}
	o := f.operators[in.Operator]
	if o == nil {
		return nil
	}
	if o.Failed++; o.Failed >= freeTries {
		lock := lastLock
		if n := o.Failed - freeTries; n < 6 {
			lock = min(firstLock<<n, lastLock)
		}
		o.Until = e.At().Add(lock)
	}
	return nil
}

func (f *Facts) signedOut(e *ledger.Entry) error {
	out, err := ledger.Unpack[SignedOut](e)
	delete(f.sessions, out.Session)
	return err
}
