package emulator_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// What the commands that Gatehouse itself never sends do to the paper.
func TestCommandsOfOtherPrograms(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"tabs stand every eight columns", "a\tb\tc\n", "a       b       c\n"},
		{"tabs can be set", "\x1bD\x04\x0a\x00a\tb\tc\n", "a   b     c\n"},
		{"absolute place", "a\x1b$\x78\x00b\n", "a         b\n"},
		{"relative place", "a\x1b\\\x18\x00b\n", "a  b\n"},
		{"left margin", "\x1dL\x30\x00a\n", "    a\n"},
		{"narrow area wraps", "\x1dW\x30\x00abcdef\n", "abcd\nef\n"},
		{"national letters", "\x1bR\x02[\\]{|}~$\n\x1bR\x00[\n", "ÄÖÜäöüß$\n[\n"},
		{"code pages", "\x1bt\x00\x9b\x1bt\x13\xd5\x1bt\x10\x80\x1bt\x11\x80\x1bt\x01\xb1\n", "¢€€Аｱ\n"},
		{"font B is narrower", "\x1bM\x01" + strings.Repeat("x", 56) + "\x1bM\x00y\n", strings.Repeat("x", 56) + "\ny\n"},
		{"feed of dots", "a\x1bJ\x1eb\n", "a\n\nb\n"},
		{"feed of lines", "a\x1bd\x03b\n", "a\n\n\nb\n"},
		{"justification waits for a new line", "a\x1ba\x01b\n\x1ba\x02c\n", "ab\n" + strings.Repeat(" ", 41) + "c\n"},
		{"picture in columns", "\x1b*\x21\x02\x00abcdef\n", "\n"},
		{"old kept picture", "\x1cq\x01\x01\x00\x01\x00abcdefgh\x1cp\x01\x00", "[logo 1 8×8]\n"},
		{"downloaded picture, doubled", "\x1d*\x01\x01abcdefgh\x1d/\x03", "[image 16×16]\n"},
		{"picture wider than the paper is cut off", "\x1dv0\x00\x48\x00\x01\x00" + strings.Repeat("x", 72), "[image 512×1]\n"},
		{"graphics store and print", "\x1d(L\x0c\x000p0\x01\x01\x31\x08\x00\x02\x00ab\x1d(L\x02\x0002", "[image 8×2]\n"},
		{"bar code too wide is left out", "\x1dw\x06\x1dkI\x15{B123456789012345678a\n", "\n"},
		{"CODE128 without its set is left out", "\x1dkI\x03abc\n", "\n"},
		{"cancelled line", "text without end", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, nil)
			line := plug(t, p)
			line.say([]byte(c.in))
			idle(t, p)
			if got := p.Unfinished().Text(); got != c.want {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
			if n := p.State().Unknown; n != 0 {
				t.Errorf("%d unknown commands", n)
			}
		})
	}
}

func TestQuestionsAndAnswers(t *testing.T) {
	for _, c := range []struct{ name, ask, answer string }{
		{"model number", "\x1dI\x01", "\x20"},
		{"cutter fitted", "\x1dI\x02", "\x02"},
		{"maker", "\x1dI\x42", "\x5fEPSON\x00"},
		{"model", "\x1dI\x43", "\x5fTM-T88VI\x00"},
		{"paper", "\x1dr\x01", "\x00"},
		{"drawer, closed is high", "\x1dr\x02", "\x01"},
		{"paper, old form", "\x1bv", "\x00"},
		{"status 1", "\x10\x04\x01", "\x16"},
		{"status 2", "\x10\x04\x02", "\x12"},
		{"status 3", "\x10\x04\x03", "\x12"},
		{"status 4", "\x10\x04\x04", "\x12"},
		{"process ID", "\x1d(H\x06\x00000042", "\x37\x220042\x00"},
		{"clear", "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", "\x37\x25\x00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := plug(t, start(t, nil))
			line.say([]byte(c.ask))
			line.hear([]byte(c.answer)...)
		})
	}
}

func TestPrinterWithoutProcessIDsIsSilentOnThem(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Profile = profile(t, "generic-80") })
	line := plug(t, p)
	line.say(id(t, "0001"), escpos.ClearBuffers(), escpos.RealtimeStatus(1))
	line.hear(0x16) // and neither of the other two
}

func TestPrinterThatOnlyListensNeverAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, func(c *emulator.Config) { c.Profile = profile(t, "write-only") })
		line := plug(t, p)
		heard := make(chan int, 1)
		go func() {
			n, _ := line.Read(make([]byte, 1))
			heard <- n
		}()
		line.say(escpos.RealtimeStatus(1), escpos.EnableASB(escpos.ASBAll), escpos.AskPaper())
		idle(t, p)
		synctest.Wait()
		select {
		case n := <-heard:
			t.Errorf("heard %d bytes", n)
		default:
		}
		_ = line.Close()
		_ = p.Close()
		<-heard
	})
}
