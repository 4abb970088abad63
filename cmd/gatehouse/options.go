package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gatehouse/desk"
	"gatehouse/drivers/devices"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/ui/words"
)

// Roles of a station.
const (
	roleCashier = "cashier"
	roleKiosk   = "kiosk"
)

// emulated is the name of the printer that is not there.
const emulated = "emulator"

// options is what the station is started with.
type options struct {
	role     string
	data     string
	station  ledger.StationID
	mirror   string
	follows  string   // file that names the log a new ledger follows
	witness  []string // folders that may be there or not
	training bool
	sample   bool
	printer  string
	model    string
	baud     int
	drawer   drawerSwitch
	checks   bool            // the printer has a reader for checks
	told     map[string]bool // the options that stood on the command line
	setup    bool            // set the devices up before the station opens
	central  string
	others   []string // further addresses, in order of preference
	code     string
	codeFile string
	plainLAN bool
	trusted  trusted

	fullScreen bool
	width      int
	height     int
	night      bool
	large      bool
	language   words.Lang
	lockAfter  time.Duration
	trace      string
}

func parse(args []string, errOut io.Writer) (options, error) {
	var o options
	var station, size, language, drawerOpen string
	f := flag.NewFlagSet("gatehouse", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.StringVar(&o.role, "role", roleCashier, "what this station is: cashier or kiosk")
	f.StringVar(&o.data, "data", defaultData(), "folder of the station's data")
	f.StringVar(&station, "station", "A1", "id of this station: a capital letter, then capital letters or digits")
	f.StringVar(&o.mirror, "mirror", "", "folder of the ledger's mirror, best on another medium (default: in the station's folder)")
	f.StringVar(&o.follows, "follows", "", "file from gatehousectl restore or rehome: the new ledger of this station goes on from the log named in it")
	f.Func("witness", "folder that gatehousectl witness prepared for one more copy of the ledger, on a stick or another station; it may come and go. More than one may be named", o.addWitness)
	f.BoolVar(&o.training, "training", false, "work in the training ledger; every paper says so")
	f.BoolVar(&o.sample, "sample", false, "make the sample utility where there are no data yet, and show its PINs")
	f.StringVar(&o.printer, optPrinter, emulated, "the printer's port, like /dev/serial/by-id/…; tcp:HOST:PORT; usb:/dev/usb/lp0; emulator; or none. It and the next four stand before devices.toml")
	f.StringVar(&o.model, optModel, devices.DefaultModel, "the printer's profile")
	f.IntVar(&o.baud, optBaud, devices.DefaultBaud, "speed of the printer's port")
	f.StringVar(&drawerOpen, optDrawer, string(devices.DefaultDrawerOpen), "level of the drawer's switch when it is open: high, low or none")
	f.BoolVar(&o.checks, optChecks, false, "the printer was bought with a reader for checks")
	f.BoolVar(&o.setup, "setup", false, "set up printer, display and scanners before the station opens")
	f.Func("central", "address of central, like https://central.example; more than one in order of preference: first the office's relay, then central itself", o.addCentral)
	f.StringVar(&o.codeFile, "enrol-code-file", "", "file with the code to enrol this station at central (or GATEHOUSE_ENROL_CODE)")
	f.BoolVar(&o.plainLAN, "insecure-lan", false, "allow central without TLS on another machine")
	o.trusted.flags(f)
	f.BoolVar(&o.fullScreen, "full-screen", false, "cover the screen (a kiosk always does, unless --size is given)")
	f.StringVar(&size, "size", "", "size of the window, like 1366x768")
	f.BoolVar(&o.night, "night", false, "begin with dark colours")
	f.BoolVar(&o.large, "large", false, "text at 150 percent")
	f.StringVar(&language, "language", string(words.English), "language of the cashier's window: en or es; visitors choose their own")
	f.DurationVar(&o.lockAfter, "lock-after", 5*time.Minute, "lock the cashier's screen after this long without a key; 0: never")
	f.StringVar(&o.trace, "trace", "", "file to write each turn of the window to, without anything typed, for a test that drives it")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.told = map[string]bool{}
	f.Visit(func(given *flag.Flag) { o.told[given.Name] = true })
	if f.NArg() > 0 {
		return o, fmt.Errorf("%q is not an option of gatehouse", f.Arg(0))
	}
	var err error
	if o.station, err = ledger.ParseStationID(station); err != nil {
		return o, err
	}
	if o.role != roleCashier && o.role != roleKiosk {
		return o, fmt.Errorf("role %q: a station is a cashier or a kiosk", o.role)
	}
	if err := o.readSize(size); err != nil {
		return o, err
	}
	if o.language = words.Lang(language); !slices.Contains(words.Languages(), o.language) {
		return o, fmt.Errorf("--language %q: there are %v", language, words.Languages())
	}
	if o.lockAfter < 0 {
		return o, errors.New("--lock-after is a time like 5m, or 0")
	}
	var known bool
	if o.drawer, known = drawerSwitches()[drawerOpen]; !known {
		return o, errors.New("--drawer-open is high, low or none")
	}
	if err := o.readPrinter(); err != nil {
		return o, err
	}
	return o, o.readCode()
}

// addCentral notes one more address of central.
func (o *options) addCentral(address string) error {
	switch {
	case address == "": // none
	case o.central == "":
		o.central = address
	default:
		o.others = append(o.others, address)
	}
	return nil
}

// addWitness notes one more witness. Its path is whole: where the program is
// started must not decide where the copy lies.
func (o *options) addWitness(dir string) error {
	if dir == "" {
		return errors.New("name a folder")
	}
	whole, err := filepath.Abs(dir)
	o.witness = append(o.witness, whole)
	return err
}

// The options about the printer. Each stands before what devices.toml says.
const (
	optPrinter = "printer"
	optModel   = "printer-model"
	optBaud    = "baud"
	optDrawer  = "drawer-open"
	optChecks  = "check-reader"
)

// readPrinter checks the printer's port. A path is best written whole; one that is
// not begins where the program was started.
func (o *options) readPrinter() error {
	if strings.ContainsRune(o.printer, filepath.Separator) && !strings.Contains(o.printer, ":") {
		whole, err := filepath.Abs(o.printer)
		if err != nil {
			return fmt.Errorf("--printer %q: %w", o.printer, err)
		}
		o.printer = whole
	}
	if err := devices.Port(o.printer).Check(); err != nil {
		return fmt.Errorf("--printer: %w", err)
	}
	return nil
}

// withDevices are the options with what the station's devices.toml says of the
// printer, where the command line says nothing. Who names another port there means
// another printer, and the file says nothing of that one.
func (o options) withDevices() (options, devices.Printer, error) {
	found, err := devices.Load(filepath.Join(o.folder(), devices.FileName))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return o, devices.Printer{}, fmt.Errorf("%w: %w", errDevices, err)
	}
	p := found.Printer
	if p.Port == "" || o.told[optPrinter] {
		p = devices.Printer{}
		p.Port, p.Model, p.Baud = devices.Port(o.printer), o.model, o.baud
		return o, p, nil
	}
	o.printer = string(p.Port)
	if !o.told[optModel] && p.Model != "" {
		o.model = p.Model
	}
	if !o.told[optBaud] && p.Baud != 0 {
		o.baud = p.Baud
	}
	if !o.told[optChecks] {
		o.checks = p.CheckReader
	}
	if !o.told[optDrawer] {
		level := p.DrawerOpen
		if level == "" {
			level = devices.LevelNone
		}
		o.drawer = drawerSwitches()[string(level)]
	}
	return o, p, nil
}

// drawerSwitch is how the switch of the drawer is wired, for the session with the
// printer and for the emulated one.
type drawerSwitch struct {
	level  printer.OpenLevel
	sensor emulator.Sensor
}

// drawerSwitches are the switches by --drawer-open.
func drawerSwitches() map[string]drawerSwitch {
	return map[string]drawerSwitch{
		"high": {printer.OpenHigh, emulator.OpenIsHigh},
		"low":  {printer.OpenLow, emulator.OpenIsLow},
		"none": {printer.OpenNone, emulator.NoSensor},
	}
}

func (o *options) readSize(size string) error {
	if size == "" {
		o.width, o.height = 1366, 768
		o.fullScreen = o.fullScreen || o.role == roleKiosk
		return nil
	}
	if n, err := fmt.Sscanf(size, "%dx%d", &o.width, &o.height); n != 2 || err != nil || o.width < 800 || o.height < 600 || o.width > 7680 || o.height > 7680 {
		return fmt.Errorf("--size %q: write it like 1366x768", size)
	}
	return nil
}

// readCode takes the enrolment code from a file or the environment, never from
// the command line, where other programs could read it.
func (o *options) readCode() error {
	o.code = os.Getenv("GATEHOUSE_ENROL_CODE")
	if o.codeFile == "" {
		return nil
	}
	text, err := os.ReadFile(o.codeFile)
	if err != nil {
		return fmt.Errorf("read the enrolment code: %w", err)
	}
	o.code = strings.TrimSpace(string(text))
	return nil
}

func defaultData() string {
	if dir := os.Getenv("GATEHOUSE_DATA"); dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "gatehouse-data"
	}
	return filepath.Join(home, ".local", "share", "gatehouse")
}

// folder is the station's own folder.
func (o options) folder() string { return desk.Folder(o.data, o.station, o.training) }
