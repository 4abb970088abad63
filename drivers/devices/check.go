package devices

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"

	"gatehouse/drivers/escpos"
)

// Bounds of the settings.
const (
	minBaud    = 300
	maxBaud    = 4_000_000
	minColumns = 16
	maxColumns = 40

	minBrightness = 1
	maxBrightness = 4

	maxAffix    = 8 // characters before or after a code
	minSpeed    = 5
	maxSpeed    = 200 // ms
	maxScanners = 8
	maxDrawers  = 2
	maxPath     = 1024 // bytes
	hashBytes   = 16   // of a logo
)

// wrongSetting is a setting that cannot be: in which table, the how-manieth of
// its name, under which key.
type wrongSetting struct {
	table string
	nth   int
	key   string
	line  int // 0: not known
	why   error
}

func (w *wrongSetting) Error() string {
	where := "[" + w.table + "] " + w.key
	if w.line > 0 {
		where = fmt.Sprintf("line %d, %s", w.line, where)
	}
	return where + ": " + w.why.Error()
}

func (w *wrongSetting) Unwrap() error { return w.why }

// finding collects the first thing that is wrong.
type finding struct {
	table string
	nth   int
	wrong *wrongSetting
}

func (f *finding) refuse(key string, why error) {
	if f.wrong == nil && why != nil {
		f.wrong = &wrongSetting{table: f.table, nth: f.nth, key: key, why: why}
	}
}

func (f *finding) within(key string, n, least, most int) {
	if n != 0 && (n < least || n > most) {
		f.refuse(key, fmt.Errorf("%d is not between %d and %d", n, least, most))
	}
}

func (f *finding) line(port Port, baud int, frame Frame) {
	f.refuse("port", port.Check())
	f.within("baud", baud, minBaud, maxBaud)
	_, _, err := frame.parse()
	f.refuse("frame", err)
}

func (f *finding) affix(key, text string) {
	if utf8.RuneCountInString(text) > maxAffix || !utf8.ValidString(text) {
		f.refuse(key, fmt.Errorf("%.40q has more than %d characters", text, maxAffix))
	}
}

func (d Devices) check() *wrongSetting {
	f := &finding{table: "printer"}
	d.Printer.check(f)
	f.table = "display"
	d.Display.check(f)
	f.table = "scanner"
	if len(d.Scanners) > maxScanners {
		f.nth = maxScanners
		f.refuse("port", fmt.Errorf("there are %d scanners, at most %d", len(d.Scanners), maxScanners))
	}
	for i, s := range d.Scanners {
		f.nth = i
		s.check(f)
	}
	f.table, f.nth = "wedge", 0
	f.affix("prefix", d.Wedge.Prefix)
	f.affix("suffix", d.Wedge.Suffix)
	f.within("speed", d.Wedge.Speed, minSpeed, maxSpeed)
	d.checkShared(f)
	return f.wrong
}

func (p Printer) check(f *finding) {
	f.line(p.Port, p.Baud, p.Frame)
	if _, known := escpos.ProfileNamed(p.Model); !known && p.Model != "" {
		f.refuse("model", fmt.Errorf("there is no printer %.40q; write one of: %s", p.Model, strings.Join(models(), ", ")))
	}
	switch p.DrawerOpen {
	case "", LevelNone, LevelHigh, LevelLow:
	default:
		f.refuse("drawer_open", fmt.Errorf(`%.20q: write "high", "low" or "none"`, string(p.DrawerOpen)))
	}
	if n := p.DrawerCount(); n < 0 || n > maxDrawers {
		f.refuse("drawers", fmt.Errorf("%d: a printer has 0, 1 or %d drawers", n, maxDrawers))
	}
	f.table = "printer.logo"
	p.Logo.check(f)
}

func (l Logo) check(f *finding) {
	if len(l.File) > maxPath || strings.ContainsFunc(l.File, unprintable) {
		f.refuse("file", fmt.Errorf("the path %.60q is too long or cannot be printed", l.File))
	}
	f.within("percent", l.Percent, 1, 100)
	switch l.Unkept {
	case "", UnkeptSend, UnkeptOmit:
	default:
		f.refuse("unkept", fmt.Errorf("%.20q: write %q or %q", string(l.Unkept), UnkeptSend, UnkeptOmit))
	}
	if _, err := escpos.ParseLogoKey(l.Key); err != nil && l.Key != "" {
		f.refuse("key", err)
	}
	if sum, err := hex.DecodeString(l.Hash); err != nil || len(sum) != 0 && len(sum) != hashBytes || (l.Key == "") != (l.Hash == "") {
		f.refuse("hash", errors.New("set-up writes key and hash together: take both out, and set the printer up again"))
	}
}

func models() []string {
	var names []string
	for _, p := range escpos.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

func (d Display) check(f *finding) {
	f.line(d.Port, d.Baud, d.Frame)
	if d.Port == PortEmulator {
		f.refuse("port", fmt.Errorf("only the printer has an emulator: %w", errPort))
	}
	switch d.Kind {
	case KindDMD, KindCD5220:
	case "":
		if d.Port.Device() {
			f.refuse("kind", fmt.Errorf("it is missing: write %q or %q", KindDMD, KindCD5220))
		}
	default:
		f.refuse("kind", fmt.Errorf("%.20q: write %q or %q", string(d.Kind), KindDMD, KindCD5220))
	}
	f.within("columns", d.Columns, minColumns, maxColumns)
	f.within("brightness", d.Brightness, minBrightness, maxBrightness)
	if utf8.RuneCountInString(d.Idle) > maxColumns || !utf8.ValidString(d.Idle) {
		f.refuse("idle", fmt.Errorf("%.60q has more than %d characters", d.Idle, maxColumns))
	}
}

func (s Scanner) check(f *finding) {
	f.line(s.Port, s.Baud, s.Frame)
	if s.Port == "" || s.Port == PortEmulator {
		f.refuse("port", fmt.Errorf("it is missing: %w", errPort))
	}
	f.affix("prefix", s.Prefix)
	f.affix("suffix", s.Suffix)
}

// checkShared refuses two devices on one port.
func (d Devices) checkShared(f *finding) {
	used := map[Port]string{}
	use := func(table string, nth int, port Port) {
		if !port.Device() {
			return
		}
		if other, taken := used[port]; taken {
			f.table, f.nth = table, nth
			f.refuse("port", fmt.Errorf("%s is the port of the %s already", port, other))
		}
		used[port] = table
	}
	use("printer", 0, d.Printer.Port)
	use("display", 0, d.Display.Port)
	for i, s := range d.Scanners {
		use("scanner", i, s.Port)
	}
}

// at finds the line of the setting, or that of its table where the setting is
// left out.
func (w *wrongSetting) at(text []byte) error {
	found := *w
	p := unstable.Parser{}
	p.Reset(text)
	table, nth := "", map[string]int{}
	for p.NextExpression() {
		e := p.Expression()
		var key []string
		line := 0
		for k := e.Key(); k.Next(); {
			key = append(key, string(k.Node().Data))
			line = p.Shape(k.Node().Raw).Start.Line
		}
		switch e.Kind {
		case unstable.Table:
			table = strings.Join(key, ".")
		case unstable.ArrayTable:
			table = strings.Join(key, ".")
			nth[table]++
		case unstable.KeyValue:
			if table != "" {
				key = append([]string{table}, key...)
			}
		}
		if max(nth[table]-1, 0) != w.nth {
			continue
		}
		switch name := strings.Join(key, "."); {
		case name == w.table+"."+w.key:
			found.line = line
		case name == w.table && found.line == 0:
			found.line = line
		}
	}
	return &found
}
