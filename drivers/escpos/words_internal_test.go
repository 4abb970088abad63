package escpos

import "testing"

// Each command and control character that the grammar knows is said in words.
func TestEveryCommandHasWords(t *testing.T) {
	n := 0
	for _, first := range []byte{dle, esc, fs, gs, us} {
		for second := range 256 {
			cmd, ok := lookup(first, byte(second))
			if !ok || second == '(' {
				continue
			}
			n++
			if Words(cmd.name) == "" {
				t.Errorf("%s has no words", cmd.name)
			}
		}
	}
	if n < 150 {
		t.Errorf("only %d commands are known", n)
	}
	for _, family := range []struct{ prefix, letters string }{
		{"GS ( ", "ABCDEFGHIJKLMNPQVkz"}, {"FS ( ", "ACELefg"}, {"ESC ( ", "AY"}, {"US ( ", "AEG"}, {"GS 8 ", "L"}, {"ESC GS ", "ayx"},
	} {
		for _, c := range family.letters {
			if Words(family.prefix+string(c)) == "" {
				t.Errorf("%s%c has no words", family.prefix, c)
			}
		}
	}
	for c := range byte(0x20) {
		if c != 0x1B && c != 0x1C && c != 0x1D && c != 0x1F && c != 0x10 && Words(controlName(c)) == "" {
			t.Errorf("%s has no words", controlName(c))
		}
	}
	for _, name := range []string{"", "ESC FFh", "GS ( ~", "nonsense", "GS alone"} {
		if w := Words(name); w != "" {
			t.Errorf("%q is said to be %q", name, w)
		}
	}
}
