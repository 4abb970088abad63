package escpos

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/makeworld-the-better-one/dither/v2"
)

// greyOf is the picture on white paper, in grey. Its corner is at 0, 0.
//
// Colours weigh as eyes see them (ITU-R BT.601). A picture with 16 bits a colour keeps the upper eight.
func greyOf(img image.Image) *image.Gray {
	r := img.Bounds()
	if g, is := img.(*image.Gray); is {
		return &image.Gray{Pix: g.Pix[g.PixOffset(r.Min.X, r.Min.Y):], Stride: g.Stride, Rect: image.Rect(0, 0, r.Dx(), r.Dy())}
	}
	paper := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(paper, paper.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(paper, paper.Rect, img, r.Min, draw.Over)
	return lumaOf(paper)
}

// lumaOf turns opaque colours into grey.
func lumaOf(img *image.RGBA) *image.Gray {
	out := image.NewGray(img.Rect)
	for i := range out.Pix {
		c := img.Pix[4*i : 4*i+3]
		out.Pix[i] = uint8((299*int(c[0]) + 587*int(c[1]) + 114*int(c[2]) + 500) / 1000)
	}
	return out
}

// dithered is a picture of black and white alone that has, seen from afar, the shades of img.
//
// A shade of v/255 gets that share of white dots, although a screen makes it far darker (half is a fifth of
// the light): a dot of a thermal head is wider than its place, so that half the dots black leave about a
// fifth of the light too. The library counts in light, so each shade is told to it as the one of that light.
func dithered(img *image.Gray) *image.Gray {
	var told [256]color.Gray16
	for v := range told {
		told[v].Y = uint16(math.Round(shadeOf(float64(v)/255) * 0xFFFF))
	}
	work := image.NewGray16(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			work.SetGray16(x, y, told[img.Pix[y*img.Stride+x]])
		}
	}
	d := dither.NewDitherer([]color.Color{color.Black, color.White})
	d.Mapper = dither.Bayer(8, 8, 1)
	out := image.NewGray(img.Rect)
	draw.Draw(out, out.Rect, d.Dither(work), image.Point{}, draw.Src)
	return out
}

// shadeOf is the shade that gives off so much light, both 0 to 1 (IEC 61966-2-1, sRGB).
func shadeOf(light float64) float64 {
	if light <= 0.0031308 {
		return light * 12.92
	}
	return 1.055*math.Pow(light, 1/2.4) - 0.055
}
