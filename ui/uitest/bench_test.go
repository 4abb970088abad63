package uitest_test

import (
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/uitest"
)

// form is a small screen with one of each.
func form(b *uitest.Bench) (name *kit.Field, done *[]keys.Action) {
	done = &[]keys.Action{}
	layer := keys.Layer{
		Table: keys.Table{{Key: keys.F5, Label: "Save", Action: "save"}, {Key: keys.Esc, Label: "Back", Action: "back"}},
		Do:    func(a keys.Action) { *done = append(*done, a) },
	}
	b.Env.Keys.Show(layer)
	name = kit.NewField(b.Env, kit.FieldOptions{Caption: "Name"})
	hidden := kit.NewKeyButton(b.Env, "back", kit.Plain)
	hidden.Hide()
	b.Show(container.NewVBox(kit.NewText("Who are you?", kit.Title()), name, kit.NewKeyButton(b.Env, "save", kit.Primary), hidden))
	b.Env.Enter(layer, name)
	return name, done
}

func TestTheWindowHasTheAppliancesSize(t *testing.T) {
	for _, size := range []fyne.Size{uitest.SmallCounter, uitest.Counter, uitest.TallKiosk} {
		b := uitest.New(t, uitest.Options{Size: size})
		form(b)
		if got := b.Window.Content().Size(); got != size {
			t.Errorf("the screen has %v, want %v", got, size)
		}
		b.Fits()
	}
}

func TestHandsAndClock(t *testing.T) {
	b := uitest.New(t, uitest.Options{Look: look.Options{Night: true}})
	name, done := form(b)
	before := b.Now()
	b.Type("Ana")
	b.Press(keys.F5)
	b.Tap("Save")
	b.Shows("Who are")
	if name.Text() != "Ana" || len(*done) != 2 {
		t.Errorf("typed %q, done %q", name.Text(), *done)
	}
	if passed := b.Now().Sub(before); passed < 300*time.Millisecond {
		t.Errorf("only %v passed while a person typed", passed)
	}
	if got, want := b.FocusOrder(), []string{"Name", "Save"}; !slices.Equal(got, want) {
		t.Errorf("Tab goes %q, want %q", got, want)
	}
	if !name.Focused() {
		t.Error("looking at the order of Tab moved the focus")
	}
}

func TestSaveWritesThePicture(t *testing.T) {
	b := uitest.New(t, uitest.Options{})
	form(b)
	path := filepath.Join(t.TempDir(), "new", "picture.png")
	b.Save(path)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil || picture.Bounds().Dx() != 1366 || picture.Bounds().Dy() != 768 {
		t.Errorf("the picture: %v, %v", picture.Bounds(), err)
	}
}
