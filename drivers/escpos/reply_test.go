package escpos_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

func replies(b []byte) (out []escpos.Reply, noise int) {
	var d escpos.ReplyDecoder
	for _, c := range b {
		if r, ok := d.Push(c); ok {
			out = append(out, r)
		}
	}
	return out, d.Noise()
}

func TestRepliesAreToldApart(t *testing.T) {
	out := escpos.Status{Offline: true, PaperLow: true, PaperOut: true}
	id := escpos.Reply{Kind: escpos.ReplyProcID, ID: [4]byte{'0', '0', '4', '2'}}
	for _, c := range []struct {
		name  string
		in    string
		want  []escpos.Reply
		noise int
	}{
		{"real-time status", "\x12\x16\x7e", []escpos.Reply{
			{Kind: escpos.ReplyRealtime, Byte: 0x12}, {Kind: escpos.ReplyRealtime, Byte: 0x16}, {Kind: escpos.ReplyRealtime, Byte: 0x7e},
		}, 0},
		{"report", "\x18\x00\x0f\x00", []escpos.Reply{{Kind: escpos.ReplyASB, ASB: out}}, 0},
		{"paper sensor", "\x0c\x00", []escpos.Reply{
			{Kind: escpos.ReplySync, Byte: 0x0c}, {Kind: escpos.ReplySync},
		}, 0},
		{"process ID", "\x37\x220042\x00", []escpos.Reply{id}, 0},
		{"cleared", "\x37\x25\x00", []escpos.Reply{{Kind: escpos.ReplyCleared, Byte: 0x25}}, 0},
		{"model", "\x5fTM-T88VI\x00", []escpos.Reply{{Kind: escpos.ReplyInfo, Byte: 0x5f, Text: "TM-T88VI"}}, 0},
		{"XOFF within a process ID", "\x37\x2200\x1342\x00", []escpos.Reply{{Kind: escpos.ReplyXOFF, Byte: 0x13}, id}, 0},
		{"XON within a report", "\x18\x00\x11\x0f\x00", []escpos.Reply{
			{Kind: escpos.ReplyXON, Byte: 0x11}, {Kind: escpos.ReplyASB, ASB: out},
		}, 0},
		{"a report that broke off", "\x18\x00\x18\x00\x0f\x00", []escpos.Reply{{Kind: escpos.ReplyASB, ASB: out}}, 2},
		{"a process ID that broke off", "\x37\x220\x12\x37\x220042\x00", []escpos.Reply{
			{Kind: escpos.ReplyRealtime, Byte: 0x12}, id,
		}, 3},
		{"noise", "\xff\x80\x12", []escpos.Reply{
			{Byte: 0xff}, {Byte: 0x80}, {Kind: escpos.ReplyRealtime, Byte: 0x12},
		}, 2},
		{"clear answer that broke off", "\x37\x25\x12", []escpos.Reply{{Kind: escpos.ReplyRealtime, Byte: 0x12}}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, noise := replies([]byte(c.in))
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("\n got %v\nwant %v", got, c.want)
			}
			if noise != c.noise {
				t.Errorf("%d bytes of noise, want %d", noise, c.noise)
			}
		})
	}
}

// Every status survives the way through its bytes, and the one-byte answers say the same.
func TestStatusAndItsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		s := escpos.Status{
			Pin3High: flag("pin3"), Offline: flag("offline"), CoverOpen: flag("cover"), Feeding: flag("feed"),
			Recoverable: flag("recoverable"), CutterError: flag("cutter"), Unrecoverable: flag("unrecoverable"),
			AutoRecovers: flag("auto"), PaperLow: flag("low"), PaperOut: flag("out"),
		}
		asb := s.ASB()
		if got, noise := replies(asb[:]); noise != 0 || len(got) != 1 || got[0].ASB != s {
			t.Fatalf("%+v came back as %+v", s, got)
		}
		var asked escpos.Status
		for n := byte(1); n <= 4; n++ {
			b := s.Realtime(n)
			if got, _ := replies([]byte{b}); len(got) != 1 || got[0].Kind != escpos.ReplyRealtime {
				t.Fatalf("answer %02x to question %d is not one", b, n)
			}
			asked.UpdateRealtime(n, b)
		}
		if asked != s {
			t.Fatalf("asked: %+v\n  was: %+v", asked, s)
		}
	})
}

// Whole replies in any order, with XON and XOFF anywhere in between, all come out.
func TestRepliesInAnyOrder(t *testing.T) {
	kinds := map[string]escpos.ReplyKind{
		"\x12": escpos.ReplyRealtime, "\x14\x00\x00\x0f": escpos.ReplyASB, "\x10\x00\x00\x00": escpos.ReplyASB,
		"\x0c": escpos.ReplySync, "\x37\x22abcd\x00": escpos.ReplyProcID, "\x37\x25\x00": escpos.ReplyCleared,
		"\x5fEPSON\x00": escpos.ReplyInfo, "\x37\x23\x40\x00": escpos.ReplyOffline,
	}
	var forms []string
	for f := range kinds {
		forms = append(forms, f)
	}
	rapid.Check(t, func(t *rapid.T) {
		seq := rapid.SliceOf(rapid.SampledFrom(forms)).Draw(t, "replies")
		var d escpos.ReplyDecoder
		var got, want []escpos.ReplyKind
		for _, form := range seq {
			want = append(want, kinds[form])
			for i := range len(form) {
				if rapid.IntRange(0, 4).Draw(t, "flow") == 0 {
					if r, ok := d.Push(0x13); !ok || r.Kind != escpos.ReplyXOFF {
						t.Fatal("XOFF was not seen")
					}
				}
				if r, ok := d.Push(form[i]); ok {
					got = append(got, r.Kind)
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || d.Noise() != 0 {
			t.Fatalf("got %v, want %v, noise %d", got, want, d.Noise())
		}
	})
}

// After noise, however it looks, no more than four bytes of what follows are lost before status reports and
// proofs of print come through whole again.
func TestNoiseCostsAtMostFourBytes(t *testing.T) {
	forms := []string{
		"\x12", "\x1e", "\x7e", "\x14\x00\x00\x0f", "\x10\x00\x00\x00", "\x3c\x08\x00\x00", "\x37\x22abcd\x00", "\x37\x227\"7\"\x00", "\x37\x25\x00",
	}
	rapid.Check(t, func(t *rapid.T) {
		noise := rapid.OneOf(
			rapid.SliceOfN(rapid.Byte(), 0, 40),
			rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte("\x37\x22\x25\x23\x5f\x3d\x35\x10\x1414\x00")), 0, 12), func(b []byte) []byte { return b }),
		).Draw(t, "noise")
		seq := rapid.SliceOfN(rapid.SampledFrom(forms), 1, 8).Draw(t, "replies")
		var d escpos.ReplyDecoder
		for _, b := range noise {
			d.Push(b)
		}
		at := 0 // bytes after the noise
		for _, form := range seq {
			var last escpos.Reply
			var whole bool
			for i := range len(form) {
				last, whole = d.Push(form[i])
			}
			if want, _ := replies([]byte(form)); at >= 4 && (!whole || last.Kind != want[0].Kind || last.ID != want[0].ID || last.ASB != want[0].ASB) {
				t.Fatalf("after % x and %d bytes % x gave %+v", noise, at, form, last)
			}
			at += len(form)
		}
	})
}

func FuzzReplyDecoder(f *testing.F) {
	f.Add([]byte("\x12\x18\x00\x0f\x00\x37\x220042\x00\x5fTM\x00\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var d escpos.ReplyDecoder
		for _, b := range in {
			if r, ok := d.Push(b); ok && len(r.Text) > 128 {
				t.Fatalf("a reply of %d bytes", len(r.Text))
			}
		}
		// After noise of any kind the printer is understood again, at the latest after a block's length
		// of rest.
		for range 130 {
			d.Push(0xff)
		}
		for _, b := range []byte("\x37\x2200") {
			d.Push(b)
		}
		d.Push('4')
		d.Push('2')
		if r, ok := d.Push(0); !ok || r.Kind != escpos.ReplyProcID {
			t.Fatalf("not in step again: %+v", r)
		}
	})
}
