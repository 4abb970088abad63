package keys

import "time"

// Layer is a table with those who answer for it.
type Layer struct {
	Table  Table
	Do     func(Action)      // called for a key or a button; required
	OnScan func(text string) // called with a scanned text; nil lets lower layers have it.
	// Scans reports whether a text that came as fast as a scan can be one; what
	// cannot stays typed. Keys that were held up while the window drew come in
	// one go, as a scan does. Nil: every text can.
	Scans func(text string) bool
	// A table with letters or digits as keys takes a scan's characters while no
	// field has the focus, so a screen that waits for scans binds none.
	Sole bool // keys and scans not in the table go nowhere instead of to the layer below
}

// Deps is what a router needs.
type Deps struct {
	Now func() time.Time // a clock that never goes back within a process; required
}

// Router gives each key to the topmost layer that wants it now.
type Router struct {
	layers   []*Layer
	scan     scanner
	watchers map[int]func()
	nextID   int
}

// New returns a router without any layer: it wants no key.
func New(d Deps) *Router {
	return &Router{scan: scanner{now: d.Now}, watchers: map[int]func(){}}
}

// Expect says what the keyboard scanner of this station was set to.
func (r *Router) Expect(w Wedge) { r.scan.wedge = w }

// Show replaces all layers by a screen's own.
func (r *Router) Show(screen Layer) {
	r.layers = []*Layer{&screen}
	r.scan.forget()
	r.Changed()
}

// Push lays a table over the others until the returned function is called.
// Calling it twice, or after Show, does nothing.
func (r *Router) Push(over Layer) (pop func()) {
	mine := &over
	r.layers = append(r.layers, mine)
	r.Changed()
	return func() {
		for i, l := range r.layers {
			if l == mine {
				r.layers = append(r.layers[:i:i], r.layers[i+1:]...)
				r.Changed()
				return
			}
		}
	}
}

// Key does what the key stands for now and reports whether it stood for
// anything. It must be asked before a field uses the key itself. An Enter that
// ends a scan is taken here too.
func (r *Router) Key(k Key) bool {
	if k == Enter && r.EndScan() {
		return true
	}
	r.scan.interrupt(k)
	b, l, ok := r.find(func(b Binding) bool { return b.has(k) && b.ready() })
	if !ok {
		return false
	}
	l.Do(b.Action)
	return true
}

// Rune tells the router of a typed character, before the field where gets it. The
// router calls save when the character may be the first of a scan there; save
// returns the function that puts the field back to what it was before that
// character. Where must be comparable.
func (r *Router) Rune(c rune, where any, save func() (restore func())) {
	r.scan.typed(c, where, save)
}

// Scanning reports whether what was typed last is a scan if an Enter or a Tab
// comes now.
func (r *Router) Scanning() bool {
	_, _, ok := r.scanned()
	return ok
}

// EndScan takes the key that ends a scan, Enter or Tab: what was typed is taken out
// of its field again and given to who takes scans. It reports whether it was one;
// if not, the key is a key.
func (r *Router) EndScan() bool {
	text, l, ok := r.scanned()
	if !ok {
		r.scan.forget()
		return false
	}
	r.scan.takeBack()
	l.OnScan(text)
	return true
}

func (r *Router) scanned() (text string, to *Layer, ok bool) {
	text, ok = r.scan.whole()
	if !ok {
		return "", nil, false
	}
	to = r.hearer()
	return text, to, to != nil && (to.Scans == nil || to.Scans(text))
}

// Do does an action as its key would, for a button, and reports whether it was
// allowed now.
func (r *Router) Do(a Action) bool {
	b, l, ok := r.find(func(b Binding) bool { return b.Action == a && b.ready() })
	if ok {
		l.Do(b.Action)
	}
	return ok
}

// Lookup returns the binding of an action, for its caption and key, and whether
// it may be done now. Its key is empty while the key does something else, so
// that no button lies. Found is false if no layer knows the action.
func (r *Router) Lookup(a Action) (b Binding, ready, found bool) {
	if b, _, ok := r.find(func(b Binding) bool { return b.Action == a && b.ready() }); ok {
		if now, _, _ := r.find(func(other Binding) bool { return other.has(b.Key) && other.ready() }); now.Action != a {
			b.Key = ""
		}
		return b, true, true
	}
	for i := len(r.layers) - 1; i >= 0; i-- {
		for _, b := range r.layers[i].Table {
			if b.Action == a {
				return b, false, true
			}
		}
	}
	return Binding{}, false, false
}

// Bar returns what the key bar shows: the bindings that work now, topmost layer
// first, each key once, quiet ones left out.
func (r *Router) Bar() []Binding {
	var out []Binding
	taken := map[Key]bool{}
	for i := len(r.layers) - 1; i >= 0; i-- {
		for _, b := range r.layers[i].Table {
			if taken[b.Key] || !b.ready() {
				continue
			}
			taken[b.Key] = true
			if !b.Quiet {
				out = append(out, b)
			}
		}
		if r.layers[i].Sole {
			break
		}
	}
	return out
}

// Watch has f called whenever captions or conditions may have changed, until
// the returned function is called.
func (r *Router) Watch(f func()) (stop func()) {
	id := r.nextID
	r.nextID++
	r.watchers[id] = f
	return func() { delete(r.watchers, id) }
}

// Changed tells the watchers to look at their captions and conditions again.
func (r *Router) Changed() {
	for id := 0; id < r.nextID; id++ {
		if f := r.watchers[id]; f != nil {
			f()
		}
	}
}

func (r *Router) find(want func(Binding) bool) (Binding, *Layer, bool) {
	for i := len(r.layers) - 1; i >= 0; i-- {
		for _, b := range r.layers[i].Table {
			if want(b) {
				return b, r.layers[i], true
			}
		}
		if r.layers[i].Sole {
			break
		}
	}
	return Binding{}, nil, false
}

// Scan gives a text from a scanner that is no keyboard to whoever takes scans now,
// and reports whether anybody did. Nobody can have typed it, so Scans is not asked.
func (r *Router) Scan(text string) bool {
	l := r.hearer()
	if l == nil {
		return false
	}
	l.OnScan(text)
	return true
}

// hearer is the layer that takes what is scanned; nil if none does.
func (r *Router) hearer() *Layer {
	for i := len(r.layers) - 1; i >= 0; i-- {
		if l := r.layers[i]; l.OnScan != nil || l.Sole {
			if l.OnScan == nil {
				return nil
			}
			return l
		}
	}
	return nil
}
