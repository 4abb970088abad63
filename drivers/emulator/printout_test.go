package emulator_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// What other software wrote holds no command that is unknown here, and comes out the same in pieces of any size.
func TestStreamsOfOtherSoftware(t *testing.T) {
	files, err := filepath.Glob("../../../shared/cases/escpos/*.bin")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("../shared, with the streams of other software, is not here")
	}
	profile, _ := escpos.ProfileNamed("TM-T88VI")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			stream, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := emulator.Print(t.Context(), profile, bytes.NewReader(stream))
			if err != nil {
				t.Fatal(err)
			}
			if whole.Unknown != 0 || whole.Bytes != len(stream) || len(whole.Pieces) == 0 {
				t.Errorf("%d unknown, %d of %d bytes, %d pieces", whole.Unknown, whole.Bytes, len(stream), len(whole.Pieces))
			}
			apart, err := emulator.Print(t.Context(), profile, iotest.OneByteReader(bytes.NewReader(stream)))
			if err != nil {
				t.Fatal(err)
			}
			if apart.Unsupported != whole.Unsupported || len(apart.Pieces) != len(whole.Pieces) {
				t.Fatalf("byte by byte: %d not drawn and %d pieces, else %d and %d", apart.Unsupported, len(apart.Pieces), whole.Unsupported, len(whole.Pieces))
			}
			for i := range whole.Pieces {
				a, errA := apart.Pieces[i].PNG()
				b, errB := whole.Pieces[i].PNG()
				if errA != nil || errB != nil || !bytes.Equal(a, b) {
					t.Errorf("piece %d is another when it comes byte by byte (%v, %v)", i+1, errA, errB)
				}
			}
		})
	}
}

func TestAStreamThatCannotBeReadOrIsTooLong(t *testing.T) {
	profile, _ := escpos.ProfileNamed("TM-T88VI")
	broken := errors.New("the disk is broken")
	if _, err := emulator.Print(t.Context(), profile, iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a broken reader gives %v", err)
	}
	if out, err := emulator.Print(t.Context(), profile, endless{}); err == nil || out.Bytes > emulator.MaxPrintout+4096 {
		t.Errorf("of an endless stream %d bytes were taken, error %v", out.Bytes, err)
	}
}

// endless is the longest stream a printer can be sent, of commands that print nothing.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
