package emulator_test

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// sixLanguages is a slip as the lobby's visitors read it, and every look a line can have.
func sixLanguages() *escpos.Doc {
	middle := escpos.Style{Align: escpos.Center}
	look := func(s string, st escpos.Style) escpos.Item { return escpos.Text{S: s, Style: st} }
	return new(escpos.Doc).Add(
		look("Millbrook Water", escpos.Style{Bold: true, Wide: true, Tall: true, Align: escpos.Center}),
		look("Please wait until your number is called.", middle),
		look("Espere hasta que se llame su número.", middle),
		look("请等候叫到您的号码。", middle),
		look("Mangyaring maghintay hanggang tawagin ang inyong numero.", middle),
		look("Vui lòng chờ đến khi số của quý vị được gọi.", middle),
		look("번호가 불릴 때까지 기다려 주십시오.", middle),
		escpos.Rule{},
		escpos.Pair("Account 账户", "10-0042-17"),
		escpos.Pair("Nguyễn Thị Đặng", "$84.15"),
		escpos.Row{Cells: []escpos.Cell{
			{S: "김민준", Width: 12}, {S: "水表在院子里，请先关好大门再离开。如有问题请拨打服务电话。"}, {S: "1", Align: escpos.Right},
		}},
		escpos.Pair("Plain", "$1.00"),
		escpos.Rule{},
		look("您的号码 B042", escpos.Style{Wide: true, Tall: true, Align: escpos.Center}),
		look("số B042 Số", escpos.Style{Bold: true, Align: escpos.Center}),
		look("số B042 Số", escpos.Style{Underline: true, Align: escpos.Center}),
		look("번호 B042", escpos.Style{Reverse: true, Wide: true, Align: escpos.Center}),
		look("번호 B042", escpos.Style{Tall: true, Align: escpos.Right}),
		look("字 and a box: \U00020000 \u0530", escpos.Style{}),
		escpos.Cut{},
	)
}

// The slip in six languages on wide and narrow paper, and on a printer with pins, dot for dot.
func TestTheSlipInSixLanguages(t *testing.T) {
	for _, name := range []string{"TM-T88VI", "generic-58", "TM-U220"} {
		t.Run(name, func(t *testing.T) {
			prof := profile(t, name)
			prof.Cutter = true
			picture(t, "languages-"+name, print(t, sixLanguages(), prof))
		})
	}
}

// picture compares a piece with the picture kept of it. What differs is left in testdata/failed.
func picture(t *testing.T, name string, piece emulator.Piece) {
	t.Helper()
	got := piece.Image()
	file, err := os.ReadFile(filepath.Join("testdata", name+".png"))
	if err == nil && same(t, file, got) {
		return
	}
	failed := filepath.Join("testdata", "failed")
	data, errPNG := piece.PNG()
	if errPNG != nil {
		t.Fatal(errPNG)
	}
	if err := os.MkdirAll(failed, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(failed, name+".png"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Errorf("the paper is not as testdata/%s.png has it (%v): look at testdata/failed, and accept it with make golden", name, err)
}

func same(t *testing.T, file []byte, got *image.Gray) bool {
	t.Helper()
	kept, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := image.NewGray(kept.Bounds())
	draw.Draw(want, want.Rect, kept, want.Rect.Min, draw.Src)
	return want.Rect == got.Rect && bytes.Equal(want.Pix, got.Pix)
}
