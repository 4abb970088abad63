package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"gatehouse/ui/look"
)

// drawing is a renderer made of functions: pieces differ only in these.
type drawing struct {
	objects []fyne.CanvasObject
	layout  func(fyne.Size)
	min     func() fyne.Size
	refresh func()
}

func (d *drawing) Destroy()                     {}
func (d *drawing) Layout(s fyne.Size)           { d.layout(s) }
func (d *drawing) MinSize() fyne.Size           { return d.min() }
func (d *drawing) Objects() []fyne.CanvasObject { return d.objects }
func (d *drawing) Refresh()                     { d.refresh() }

// themed is a widget that knows its theme, which may be its subtree's own.
type themed interface{ Theme() fyne.Theme }

func colour(w themed, name fyne.ThemeColorName) color.Color {
	return w.Theme().Color(name, theme.VariantLight)
}

func size(w themed, name fyne.ThemeSizeName) float32 { return w.Theme().Size(name) }

func unit(w themed) float32 { return size(w, look.SizeUnit) }

// paint fills a rectangle and draws its edge; nil draws nothing.
func paint(r *canvas.Rectangle, fill, edge color.Color, stroke, radius float32) {
	if fill == nil {
		fill = color.Transparent
	}
	if edge == nil {
		edge = color.Transparent
	}
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = fill, edge, stroke, radius
	r.Refresh()
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// signOn returns an image of a sign, drawn in one colour.
func signOn(name look.SignName, in fyne.ThemeColorName) *canvas.Image {
	img := canvas.NewImageFromResource(look.Sign(name, in))
	img.FillMode = canvas.ImageFillContain
	return img
}

func resign(img *canvas.Image, name look.SignName, in fyne.ThemeColorName) {
	img.Resource = look.Sign(name, in)
	img.Refresh()
}
