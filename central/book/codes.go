package book

import (
	"context"
	"strings"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// The entries of letting stations in.
const (
	KindCodeIssued      ledger.Kind = "central.code_issued.v1"
	KindCodeUsed        ledger.Kind = "central.code_used.v1"
	KindCodeWithdrawn   ledger.Kind = "central.code_withdrawn.v1"
	KindStationRevoked  ledger.Kind = "central.station_revoked.v1"
	KindStationApproved ledger.Kind = "central.station_approved.v1"

	KindStationReadmitted ledger.Kind = "central.station_readmitted.v1"
)

// CodeIssued is the body of KindCodeIssued. The code itself is shown once, to
// the operator, and is nowhere.
type CodeIssued struct {
	Name  string `json:"name"`  // what it is for, in the operator's words
	Hash  Secret `json:"hash"`  // of the code
	Until int64  `json:"until"` // microseconds since 1970 UTC
}

// CodeUsed is the body of KindCodeUsed.
type CodeUsed struct {
	Hash    Secret           `json:"hash"`
	Log     ledger.LogID     `json:"log"`
	Station ledger.StationID `json:"station"`
}

// CodeWithdrawn is the body of KindCodeWithdrawn.
type CodeWithdrawn struct {
	Hash Secret `json:"hash"`
}

// StationReadmitted is the body of KindStationReadmitted.
type StationReadmitted struct {
	Log     ledger.LogID     `json:"log"`
	Station ledger.StationID `json:"station"`
}

// StandingSet is the body of KindStationRevoked and KindStationApproved.
type StandingSet struct {
	Log    ledger.LogID `json:"log"`
	Reason string       `json:"reason"`
}

// Code admits one station, once.
type Code struct {
	Name   string
	Hash   Secret
	By     string
	Issued time.Time
	Until  time.Time
	Log    ledger.LogID // that it admitted; zero while it is open
	gone   bool
}

func (c *Code) open(at time.Time) bool {
	return c.Log == ledger.LogID{} && !c.gone && at.Before(c.Until)
}

// Standing is what people at central decided about a station's log.
type Standing struct {
	Log     ledger.LogID
	Revoked bool
	Reason  string
	By      string
	Since   time.Time // zero if nobody decided anything
}

// codeTime is how long a code admits a station: it is read out to somebody who
// stands at the machine.
const codeTime = 24 * time.Hour

// maxCodes is how many codes can be out at once.
const maxCodes = 50

// IssueCode makes a code for one station and shows it, in groups of four with a
// check symbol at the end: K7QX-…. It admits one station within a day.
func (b *Book) IssueCode(ctx context.Context, by, name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 80 {
		return "", ledger.Refuse("central.code_name", "Say in 1 to 80 characters which machine the code is for.").At("name")
	}
	code, err := wire.DrawCode(b.o.Random)
	if err != nil {
		return "", err
	}
	_, err = b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.must(by, MayEnrol); err != nil {
			return nil, err
		}
		if len(f.Codes(b.now())) >= maxCodes {
			return nil, ledger.Refuse("central.many_codes", "50 codes are out already. Withdraw one first.")
		}
		return []ledger.Draft{{Kind: KindCodeIssued, Body: CodeIssued{name, secretOf(string(code)), b.now().Add(codeTime).UnixMicro()}}}, nil
	})
	if err != nil {
		return "", err
	}
	return code.String(), nil
}

// Admit lets one station in with a code. The same station may use it again:
// its first answer may have been lost. Whoever else comes with it is refused, as
// is a code that is over, withdrawn or wrong.
func (b *Book) Admit(ctx context.Context, typed string, id ledger.Identity) error {
	code, ok := wire.ReadCode(typed)
	if !ok {
		return badCode()
	}
	hash := secretOf(string(code))
	_, err := b.Do(ctx, Itself, func(f *Facts) ([]ledger.Draft, error) {
		c := f.codes[hash]
		if c != nil && c.Log == id.Log {
			return nil, nil
		}
		if c == nil || !c.open(b.now()) {
			return nil, badCode()
		}
		return []ledger.Draft{{Kind: KindCodeUsed, Body: CodeUsed{hash, id.Log, id.Station}}}, nil
	})
	return err
}

// Readmit enters that a station was let in again without a code: it showed
// central's own signature, so this store is older than its enrolment.
func (b *Book) Readmit(ctx context.Context, id ledger.Identity) error {
	_, err := b.Do(ctx, Itself, func(*Facts) ([]ledger.Draft, error) {
		return []ledger.Draft{{Kind: KindStationReadmitted, Body: StationReadmitted{id.Log, id.Station}}}, nil
	})
	return err
}

// Revoked says whether a person revoked a station.
func (b *Book) Revoked(ctx context.Context, log ledger.LogID) (revoked bool, err error) {
	err = b.See(ctx, func(f *Facts) { revoked = f.Standing(log).Revoked })
	return revoked, err
}

func badCode() *ledger.Refusal {
	return ledger.Refuse("central.code", "The enrolment code is wrong, used or over. Ask for a new one.")
}

// WithdrawCode makes a code worthless before it is used.
func (b *Book) WithdrawCode(ctx context.Context, by string, hash Secret) error {
	_, err := b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.must(by, MayEnrol); err != nil {
			return nil, err
		}
		if c := f.codes[hash]; c == nil || !c.open(b.now()) {
			return nil, ledger.Refuse("central.code_gone", "This code is used or over already.")
		}
		return []ledger.Draft{{Kind: KindCodeWithdrawn, Body: CodeWithdrawn{hash}}}, nil
	})
	return err
}

// Revoke says that a station's key is not to be trusted any more: it was stolen,
// or the machine was. What it sends later is not taken in, and kept apart as evidence:
// the cash in its drawer is a fact.
func (b *Book) Revoke(ctx context.Context, by string, log ledger.LogID, reason string) error {
	return b.stand(ctx, by, KindStationRevoked, log, reason)
}

// Approve says that a station that was revoked is to be trusted again.
func (b *Book) Approve(ctx context.Context, by string, log ledger.LogID, reason string) error {
	return b.stand(ctx, by, KindStationApproved, log, reason)
}

func (b *Book) stand(ctx context.Context, by string, kind ledger.Kind, log ledger.LogID, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" || len(reason) > 500 {
		return ledger.Refuse("central.reason", "Say why, in 1 to 500 characters.").At("reason")
	}
	if log == b.log {
		return ledger.Refuse("central.own_log", "This is central's own log.")
	}
	if _, err := b.o.Store.Log(ctx, log); err != nil {
		return err
	}
	_, err := b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.must(by, MayEnrol); err != nil {
			return nil, err
		}
		if revoked := f.Standing(log).Revoked; revoked == (kind == KindStationRevoked) {
			return nil, ledger.Refuse("central.stands_so", "The station stands so already.")
		}
		return []ledger.Draft{{Kind: kind, Body: StandingSet{log, reason}}}, nil
	})
	return err
}

func (f *Facts) codeIssued(e *ledger.Entry) error {
	in, err := ledger.Unpack[CodeIssued](e)
	if err == nil {
		f.codes[in.Hash] = &Code{Name: in.Name, Hash: in.Hash, By: e.Actor, Issued: e.At(), Until: time.UnixMicro(in.Until).UTC()}
	}
	return err
}

func (f *Facts) codeUsed(e *ledger.Entry) error {
	in, err := ledger.Unpack[CodeUsed](e)
	if c := f.codes[in.Hash]; err == nil && c != nil {
		c.Log = in.Log
	}
	return err
}

func (f *Facts) codeWithdrawn(e *ledger.Entry) error {
	in, err := ledger.Unpack[CodeWithdrawn](e)
	if c := f.codes[in.Hash]; err == nil && c != nil {
		c.gone = true
	}
	return err
}

func (f *Facts) standingSet(e *ledger.Entry) error {
	in, err := ledger.Unpack[StandingSet](e)
	if err == nil {
		f.standings[in.Log] = &Standing{in.Log, e.Kind == KindStationRevoked, in.Reason, e.Actor, e.At()}
	}
	return err
}
