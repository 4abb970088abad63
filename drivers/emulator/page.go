package emulator

// page is page mode: nothing is printed until the page is whole (ESC/POS reference of Epson, "page mode").
// A page has areas, each with a direction of its own; the ones of a page may lie over each other.
type page struct {
	areas []Element // of kind "area", the last one being filled
	y     int       // the foot of the line being put together, in dots of the area
	tall  int       // how far down the areas that were set reach; 0 if none was
	ink   int       // bytes of pictures
}

const (
	pageDots  = 1662 // how long a page can be, as in the models with 180 dots an inch
	maxAreas  = 200
	maxInPage = 4000    // elements
	maxPage   = 1 << 20 // bytes of pictures; one that is black all over has a tenth
)

// begin is ESC L.
func (w *parser) beginPage() {
	w.page = &page{}
	w.page.open(0, 0, w.p.cfg.Profile.Dots, pageDots, 0)
	w.text = composer{}
}

// open begins an area.
func (g *page) open(x, y, width, height, turn int) {
	if n := len(g.areas); n > 0 && len(g.areas[n-1].Parts) == 0 {
		g.areas = g.areas[:n-1]
	}
	if len(g.areas) >= maxAreas {
		return
	}
	g.areas = append(g.areas, Element{Kind: "area", X: x, Y: y, W: width, H: height, Turn: turn})
	g.y = cellHeight
}

func (g *page) area() *Element { return &g.areas[len(g.areas)-1] }

// wide is how long a line may be in the direction of the area.
func (g *page) wide() int {
	if a := g.area(); a.Turn&1 == 1 {
		return a.H
	}
	return g.area().W
}

// add puts an element into the area, its upper left corner in the area's direction at e.X, e.Y.
func (g *page) add(e Element) {
	total := 0
	for _, a := range g.areas {
		total += len(a.Parts)
	}
	if e.dots != nil {
		g.ink += len(e.dots.bits)
	}
	if total < maxInPage && g.ink <= maxPage {
		g.area().Parts = append(g.area().Parts, e)
	}
}

// text puts the line that is being put together where the page stands.
func (g *page) text(w *parser) {
	if len(w.text.runs) == 0 {
		return
	}
	e := Element{Kind: "text", Spans: w.text.runs}
	for _, r := range e.Spans {
		e.W = max(e.W, r.X+r.W)
		e.H = max(e.H, r.height())
	}
	e.Y = g.y - e.H
	g.add(e)
	w.text.runs = nil
}

// picture puts what is not text at the place of the next character, its foot on the line.
func (g *page) picture(w *parser, e Element) {
	g.text(w)
	e.X, e.Y = w.text.x, g.y-e.H
	g.add(e)
	w.text.x += e.W
}

// code is a bar code with its caption.
func (g *page) code(w *parser, e Element, caption string) {
	g.picture(w, e)
	if w.mode.bar.caption == 0 {
		return
	}
	c := w.caption(caption, w.text.x-e.W, e.W)
	if w.mode.bar.caption&1 != 0 {
		c.Y = g.y - e.H - c.H
		g.add(c)
	}
	if w.mode.bar.caption&2 != 0 {
		c.Y = g.y
		g.add(c)
	}
}

// print is ESC FF: the page comes onto the paper as one.
func (g *page) print(w *parser) {
	g.text(w)
	whole := Element{Kind: "page", W: w.p.cfg.Profile.Dots, H: g.tall}
	for _, a := range g.areas {
		if len(a.Parts) == 0 {
			continue
		}
		whole.Parts = append(whole.Parts, a)
		if g.tall == 0 { // a page nobody measured ends where its print does
			for _, e := range a.Parts {
				whole.H = max(whole.H, min(e.Y+e.H, pageDots))
			}
			if a.Turn != 0 {
				whole.H = a.Y + a.H
			}
		}
	}
	w.page = nil
	if len(whole.Parts) > 0 && whole.H > 0 {
		w.put(whole)
	}
	w.page = g
}

// pageCommand executes the commands that only page mode knows, and those it takes otherwise.
func (w *parser) pageCommand(name string, d []byte) bool {
	g := w.page
	if g == nil {
		switch name {
		case "ESC L":
			if w.text.empty() {
				w.beginPage()
			}
		case "ESC S", "ESC W", "ESC T", "GS $", "GS \\", "ESC FF": // without effect outside of it
		default:
			return false
		}
		return true
	}
	n := int(d[len(d)-1])
	switch name {
	case "ESC L", "ESC a", "ESC {", "GS V", "ESC i", "ESC m": // without effect within it
	case "ESC S":
		w.page, w.text = nil, composer{}
	case "ESC FF":
		g.print(w)
	case "ESC W":
		g.text(w)
		w.text = composer{}
		g.setArea(w, d)
	case "ESC T":
		if turn := n & 0x0F; turn <= 3 {
			g.text(w)
			w.text = composer{}
			a := *g.area()
			g.open(a.X, a.Y, a.W, a.H, turn)
		}
	case "GS $":
		g.text(w)
		g.y = w.down(le(d[2:]))
	case "GS \\":
		g.text(w)
		g.y += w.down(int(int16(le(d[2:]))))
	case "ESC d":
		g.text(w)
		w.text = composer{}
		g.y += n * w.mode.spacing
	case "ESC J":
		g.text(w)
		w.text = composer{}
		g.y += w.down(n)
	default:
		return false
	}
	return true
}

// setArea is ESC W x y dx dy. An area beyond the page is cut to it, one without width or height ignored.
func (g *page) setArea(w *parser, d []byte) {
	x, y, dx, dy := w.across(le(d[2:])), w.down(le(d[4:])), w.across(le(d[6:])), w.down(le(d[8:]))
	dots := w.p.cfg.Profile.Dots
	if x >= dots || y >= pageDots || dx == 0 || dy == 0 {
		return
	}
	dx, dy = min(dx, dots-x), min(dy, pageDots-y)
	g.open(x, y, dx, dy, g.area().Turn)
	g.tall = max(g.tall, y+dy)
}

// pageControl executes FF and CAN in page mode.
func (w *parser) pageControl(c byte) {
	switch c {
	case '\f':
		w.page.print(w)
		w.page, w.text = nil, composer{}
	case 0x18: // CAN
		w.text = composer{}
		a := *w.page.area()
		kept := w.page.areas[:0]
		for _, b := range w.page.areas {
			if b.X != a.X || b.Y != a.Y || b.W != a.W || b.H != a.H {
				kept = append(kept, b)
			}
		}
		w.page.areas = kept
		w.page.ink = Element{Parts: kept}.ink()
		w.page.open(a.X, a.Y, a.W, a.H, a.Turn)
	}
}
