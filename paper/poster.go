package paper

import (
	"fmt"
	"image"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"gatehouse/drivers/escpos"
)

// posterSize is the height of a poster's letters in dots: four of them fill the
// narrowest paper, and are read at arm's length and beyond.
const posterSize = 150

// longestPoster is how many letters fit the narrowest paper.
const longestPoster = 4

// poster draws a few letters as large as the paper allows.
func poster(s string) (*escpos.Bitmap, error) {
	if n := len([]rune(s)); n == 0 || n > longestPoster {
		return nil, fmt.Errorf("draw %q large: use 1 to %d letters", s, longestPoster)
	}
	ttf, err := opentype.Parse(gomonobold.TTF)
	if err != nil {
		return nil, fmt.Errorf("draw %q large: %w", s, err)
	}
	face, err := opentype.NewFace(ttf, &opentype.FaceOptions{Size: posterSize, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("draw %q large: %w", s, err)
	}
	width := (font.MeasureString(face, s).Ceil() + 7) / 8 * 8
	height := posterSize * 9 / 10
	img := image.NewGray(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.Black, Face: face, Dot: fixed.P(0, height*17/20)}
	d.DrawString(s)
	if err := face.Close(); err != nil {
		return nil, fmt.Errorf("draw %q large: %w", s, err)
	}
	return escpos.NewBitmap(img, escpos.Threshold)
}
