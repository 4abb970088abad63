package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// daysBefore is how many working days A1 and B1 worked before.
const daysBefore = 15

func (d *theOffices) before() error {
	if _, err := output(d.ctl(nil, "sample", d.data)); err != nil {
		return err
	}
	var err error
	if d.town, err = readTown(d.data); err != nil {
		return err
	}
	policy, err := desk.LoadPolicy(filepath.Join(d.data, "policy.toml"))
	if err != nil {
		return err
	}
	zone, err := policy.Location()
	if err != nil {
		return err
	}
	today := time.Now().In(zone)
	days := workingDays(today, daysBefore)
	d.from, d.to = days[0].Format(time.DateOnly), today.Format(time.DateOnly)
	d.a1 = &place{id: "A1", data: d.data}
	d.b1 = &place{id: "B1", data: d.data}
	d.k1 = &place{id: "K1", data: d.data, kiosk: true}
	wrote := make(chan error, 2)
	for p, who := range map[*place]staff.ID{d.a1: "maria", d.b1: "tom"} {
		go func() {
			wrote <- writeEarlier(d.ctx, d.data, ledger.StationID(p.id), who, d.town, policy, days)
		}()
	}
	return errors.Join(<-wrote, <-wrote)
}

func (d *theOffices) startCentral() error {
	address, err := freePort()
	if err != nil {
		return err
	}
	d.central = &server{name: "central", data: filepath.Join(d.data, "central"), address: address}
	policy, err := os.ReadFile(filepath.Join(d.data, "policy.toml"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(d.central.data, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(d.central.data, "policy.toml"), policy, 0o644); err != nil {
		return err
	}
	if err := d.h.startServer(d.ctx, d.central); err != nil {
		return err
	}
	if d.main, err = newLink(address); err != nil {
		return err
	}
	d.line, err = newLink(address)
	return err
}

// bytesEach is how slow the line of the main building is while B1's weeks go over it,
// so that there is a middle to kill central in, and firstPart how much of a batch is
// on its way then.
const (
	bytesEach = 6_000
	firstPart = 6_000
)

func (d *theOffices) killCentral() error {
	d.b1.url, d.b1.pins = d.main.url(), d.central.pin
	if err := d.knows(d.b1); err != nil {
		return err
	}
	d.main.speed.Store(bytesEach)
	args, env := d.b1.pushing()
	push, err := d.h.ours("push-B1", "gatehousectl", env, args...)
	if err != nil {
		return err
	}
	var enrolled int64
	err = until(d.ctx, "a part of B1's batch is on its way", func() (bool, error) {
		seq, _, err := d.central.head(d.ctx, d.b1.log)
		if seq > 0 && enrolled == 0 {
			enrolled = d.main.up.Load()
		}
		d.atKill = atKill{acknowledged: seq, sent: d.main.up.Load() - enrolled}
		if push.ended() || seq > 1 {
			return false, errors.New("it was too quick to be killed in the middle")
		}
		return enrolled > 0 && d.atKill.sent >= firstPart, err
	})
	if err != nil {
		return err
	}
	return d.central.kill()
}

func (d *theOffices) centralBack() error {
	d.main.speed.Store(0)
	if err := d.h.startServer(d.ctx, d.central); err != nil {
		return err
	}
	for _, p := range d.h.running {
		if p.name != "push-B1" {
			continue
		}
		select {
		case <-p.done:
			if p.err != nil {
				return fmt.Errorf("B1's push: %w; its log is in %s", p.err, d.h.logs)
			}
		case <-d.ctx.Done():
			return d.ctx.Err()
		}
	}
	return d.arrives(d.central, d.b1)
}

func (d *theOffices) visitor() error {
	return d.works(d.k1,
		order{"do": "visit.sign_in", "by": "kiosk", "name": "Ida Holm", "company": "Delta Pumps", "whom": "engineering", "language": "en"},
		order{"do": "visit.take_ticket", "by": "kiosk", "service": "bill", "language": "es"})
}

func (d *theOffices) startRelay() error {
	address, err := freePort()
	if err != nil {
		return err
	}
	d.relay.address, d.relay.data = address, filepath.Join(d.data, "relay")
	d.relay.args = []string{"--name", "R1", "--upstream", d.line.url(), "--upstream-pin", d.central.pin}
	if err := d.h.startServer(d.ctx, d.relay); err != nil {
		return err
	}
	for _, p := range []*place{d.a1, d.k1} {
		p.url, p.pins = d.relay.url(), d.central.pin+","+d.relay.pin
		if _, err := d.pushes(p); err != nil {
			return err
		}
		if err := d.arrives(d.central, p); err != nil {
			return err
		}
	}
	return nil
}

// pin is what somebody of the sample types.
func (d *theOffices) pin(who staff.ID) string { return d.town.pins[who] }

func (d *theOffices) signsIn(who staff.ID) order {
	return order{"do": "staff.sign_in", "by": who, "pin": d.pin(who)}
}

// pieced is a count as a script has it, in as few pieces as there are.
func pieced(amount ledger.Cents) (count []order) {
	for i, n := range pieces(amount, values()) {
		if n > 0 {
			count = append(count, order{"value": values()[i].Plain(), "n": n})
		}
	}
	return count
}

func opensDrawer(who staff.ID) order {
	return order{"do": "cash.open_drawer", "by": who, "drawer": "1", "count": pieced(float)}
}

func pays(who staff.ID, c account.Customer, amount ledger.Cents, tender order) order {
	tender["amount"] = amount.Plain()
	return order{"do": "cash.take_payment", "by": who, "pay": []order{{"account": c.No, "amount": amount.Plain()}}, "tenders": []order{tender}}
}

func inCash() order { return order{"kind": "cash"} }

// today is what A1 does while the line is cut: payments of each kind, a void, no sales
// that deserve a look, a close that is short.
func (d *theOffices) today() []order {
	who, c := staff.ID("maria"), d.town.plain
	orders := []order{d.signsIn(who), opensDrawer(who),
		pays(who, c[20], 64_20, inCash()), pays(who, c[21], 118_75, order{"kind": "check", "number": "2204"}),
		pays(who, c[22], 45_00, inCash()), pays(who, c[23], 88_10, order{"kind": "card", "reference": "TX-77120", "last_four": "4242"})}
	for range 7 {
		orders = append(orders, order{"do": "cash.no_sale", "by": who, "reason": "make change"})
	}
	return append(orders, order{"do": "cash.count_drawer", "by": who, "count": pieced(float + 64_20 + 45_00 - 3_00),
		"other": []order{{"kind": "check", "count": 1, "amount": "118.75"}, {"kind": "card", "count": 1, "amount": "88.10"}}},
		order{"do": "cash.close_drawer", "by": who, "reason": "wrong change given", "approver": "lee", "approver_pin": d.pin("lee")})
}

func (d *theOffices) cutLine() error {
	d.line.set(true)
	if err := d.works(d.a1, d.today()...); err != nil {
		return err
	}
	if err := d.works(d.k1, order{"do": "visit.sign_in", "by": "kiosk", "name": "Omar Reyes", "whom": "finance", "person": "Ruth Okafor", "language": "en"},
		order{"do": "visit.sign_in", "by": "kiosk", "name": "Grace Lin", "company": "County auditor", "whom": "board", "language": "en"}); err != nil {
		return err
	}
	for _, p := range []*place{d.a1, d.k1} {
		before := p.count
		said, err := d.pushes(p)
		if err != nil {
			return err
		}
		if err := d.arrives(d.relay, p); err != nil {
			return err
		}
		seq, _, err := d.central.head(d.ctx, p.log)
		if err != nil {
			return err
		}
		d.sum.holds(p.id+": without the line everything is at the relay, and nothing new at central", seq == before && p.count > before && strings.Contains(said, "at the office's relay"),
			"%d entries at the relay, %d at central; %q", p.count, seq, said)
	}
	d.browser.open("/")
	d.browser.keeps("line-cut")
	return nil
}

func (d *theOffices) killRelay() error {
	if err := d.relay.kill(); err != nil {
		return err
	}
	if err := d.h.startServer(d.ctx, d.relay); err != nil {
		return err
	}
	for _, p := range []*place{d.a1, d.k1} {
		_, leaf, err := d.relay.head(d.ctx, p.log)
		if err != nil {
			return err
		}
		d.sum.holds(p.id+": what the relay said it has, it has after kill -9", leaf == p.head, "head %.12s… here, %.12s… there", p.head, leaf)
	}
	return nil
}

func (d *theOffices) mendLine() error {
	d.line.set(false)
	return errors.Join(d.arrives(d.central, d.a1), d.arrives(d.central, d.k1))
}

// cloneDisk copies B1's disk, as a broken machine is copied to a new one, and lets
// both go on.
func (d *theOffices) cloneDisk() error {
	d.clone = &place{id: "B1", data: filepath.Join(d.data, "clone"), url: d.b1.url, pins: d.b1.pins, scripts: d.b1.scripts}
	if err := os.MkdirAll(d.clone.data, 0o700); err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(d.clone.data, "B1"), os.DirFS(filepath.Join(d.data, "B1"))); err != nil {
		return err
	}
	names, err := filepath.Glob(filepath.Join(d.data, "*"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(d.clone.data, filepath.Base(name)), text, 0o600)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	who, c := staff.ID("tom"), d.town.plain
	if err := d.works(d.b1, d.signsIn(who), opensDrawer(who), pays(who, c[30], 72_40, inCash()), pays(who, c[31], 51_15, inCash())); err != nil {
		return err
	}
	if err := d.works(d.clone, d.signsIn(who), opensDrawer(who), pays(who, c[32], 40_00, inCash())); err != nil {
		return err
	}
	if _, err := d.pushes(d.b1); err != nil {
		return err
	}
	said, err := d.pushes(d.clone)
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return err
	}
	if err != nil {
		said = err.Error()
	}
	d.sum.holds("B1: the copy of its disk is noticed, and nothing it sends is taken in", err != nil && strings.Contains(said, "it was copied"), "%s", said)
	// What the clone recorded is kept there, and B1 goes on as if nothing had happened.
	return errors.Join(d.works(d.b1, pays(who, c[33], 20_00, inCash())), func() error { _, err := d.pushes(d.b1); return err }(), d.arrives(d.central, d.b1))
}
