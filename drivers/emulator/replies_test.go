package emulator_test

import (
	"io"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

func TestQuestionsForSettingsAndCounters(t *testing.T) {
	const in = "\x1d(E\x03\x00\x01IN"
	for _, c := range []struct{ name, ask, answer string }{
		{"user setup begins", in, "\x37\x20\x00"},
		{"a memory switch", "\x1d(E\x02\x00\x04\x01", "\x37\x2100000000\x00"},
		{"one that was set", in + "\x1d(E\x0a\x00\x03\x0200100012\x1d(E\x02\x00\x04\x02", "\x37\x20\x00\x37\x2100100010\x00"},
		{"set outside of the setup it stays", "\x1d(E\x0a\x00\x03\x0211111111\x1d(E\x02\x00\x04\x02", "\x37\x2100000000\x00"},
		{"a value", in + "\x1d(E\x04\x00\x05\x03\x02\x01\x1d(E\x02\x00\x06\x03", "\x37\x20\x00\x37\x27\x03\x1f258\x00"},
		{"the speed", "\x1d(E\x02\x00\x0c\x01", "\x37\x33\x01\x1f38400\x00"},
		{"another speed", in + "\x1d(E\x06\x00\x0b\x019600\x1d(E\x02\x00\x0c\x01", "\x37\x20\x00\x37\x33\x01\x1f9600\x00"},
		{"a speed there is not", in + "\x1d(E\x05\x00\x0b\x01123\x1d(E\x02\x00\x0c\x01", "\x37\x20\x00\x37\x33\x01\x1f38400\x00"},
		{"lines printed", "a\nb\n\x1dg2\x00\x14\x00", "\x5f2\x00"},
		{"lines for life", "a\n\x1dg2\x00\x94\x00", "\x5f1\x00"},
		{"the report at once", "\x10\x14\x07\x01", "\x14\x00\x00\x00"},
		{"a question there is not", "\x1dr\x09\x1dI\x45\x1dr\x01", "\x00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := plug(t, start(t, nil))
			line.say([]byte(c.ask))
			line.hear([]byte(c.answer)...)
		})
	}
}

// In whatever state the printer is, DLE EOT 1 to 4, the report and GS r say the same, and it is the truth.
func TestAnswersAreTrueInEveryState(t *testing.T) {
	actions := []string{
		"paper/low", "paper/out", "paper/load", "cover/open", "cover/close", "drawer/key", "drawer/close", "jam", "recover",
	}
	for _, name := range []string{"TM-T88VI", "TM-T88III", "generic-80"} {
		for _, sensor := range []emulator.Sensor{emulator.OpenIsHigh, emulator.OpenIsLow, emulator.NoSensor} {
			rapid.Check(t, func(rt *rapid.T) {
				p := start(t, func(c *emulator.Config) { c.Profile, c.Sensor = profile(t, name), sensor })
				line := plug(t, p)
				for _, a := range rapid.SliceOfN(rapid.SampledFrom(actions), 1, 12).Draw(rt, "actions") {
					switch a {
					case "jam":
						if !p.State().Online {
							continue
						}
						p.JamCutter(1)
						line.say([]byte("\x1dVB\x00"))
						waitFor(t, p, func(s emulator.State) bool { return s.Jammed })
					case "recover":
						line.say(escpos.Recover(2))
					default:
						if err := p.Do(a); err != nil {
							rt.Fatal(err)
						}
					}
					answersAreTrue(rt, p, line)
				}
				_ = p.Close()
			})
		}
	}
}

func answersAreTrue(t *rapid.T, p *emulator.Printer, line cable) {
	var asked escpos.Status
	for n := byte(1); n <= 4; n++ {
		line.say(escpos.RealtimeStatus(n))
		var b [1]byte
		if _, err := io.ReadFull(line, b[:]); err != nil {
			t.Fatal(err)
		}
		asked.UpdateRealtime(n, b[0])
	}
	s := p.State()
	want := escpos.Status{
		Pin3High: s.Pin3High, Offline: !s.Online, CoverOpen: s.CoverOpen, CutterError: s.Jammed,
		PaperLow: s.Paper != "ok", PaperOut: s.Paper == "out",
	}
	if asked != want {
		t.Fatalf("it answers %+v, and is %+v", asked, want)
	}
	line.say([]byte("\x10\x14\x07\x01"))
	var report [4]byte
	if _, err := io.ReadFull(line, report[:]); err != nil {
		t.Fatal(err)
	}
	if got := escpos.ParseASB(report); got != want {
		t.Fatalf("it reports %+v, and is %+v", got, want)
	}
}
