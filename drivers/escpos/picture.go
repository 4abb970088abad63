package escpos

import (
	"fmt"
	"image"

	"golang.org/x/image/draw"
)

// Limits of a picture before it is made to fit, in pixels. A printer shows no more than [MaxBitmapWidth]
// by [MaxBitmapHeight] of them.
const (
	MaxPictureSide   = 8192
	MaxPicturePixels = 8 << 20
)

// Picture is a picture of any size and colour, made to fit the printer when the document is encoded. It
// keeps its shape, and is made narrower where it would be higher than [MaxBitmapHeight].
type Picture struct {
	Image   image.Image // 1 to MaxPictureSide pixels a side, at most MaxPicturePixels
	Percent int         // of the width of the paper, 1 to 100; 0: a dot a pixel, and no wider than the paper
	Shades  Shades
	Align   Align
}

func (Picture) kind() string { return "picture" }

// FitBitmap makes a bitmap of img as many dots wide as asked, 1 to [MaxBitmapWidth], and as high as keeps
// its shape. Where that is more than [MaxBitmapHeight], it is so high and narrower. Transparent pixels are
// white. The error is ErrRange for a width or a picture outside the limits.
func FitBitmap(img image.Image, width int, shades Shades) (*Bitmap, error) {
	if width < 1 || width > MaxBitmapWidth {
		return nil, fmt.Errorf("fit picture into %d dots: %w", width, ErrRange)
	}
	if err := checkPicture(img); err != nil {
		return nil, fmt.Errorf("fit picture: %w", err)
	}
	size := img.Bounds().Size()
	w, h := width, max(1, (size.Y*width+size.X/2)/size.X)
	if h > MaxBitmapHeight {
		w, h = max(1, size.X*MaxBitmapHeight/size.Y), MaxBitmapHeight
	}
	if w == size.X && h == size.Y {
		return bitmapOf(greyOf(img), shades), nil
	}
	paper := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(paper, paper.Rect, image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(paper, paper.Rect, img, img.Bounds(), draw.Over, nil)
	return bitmapOf(lumaOf(paper), shades), nil
}

func checkPicture(img image.Image) error {
	if img == nil {
		return ErrEmpty
	}
	r := img.Bounds()
	if r.Empty() {
		return ErrEmpty
	}
	return checkPixels(r.Dx(), r.Dy())
}

// checkPixels refuses a picture that would take long to make smaller.
func checkPixels(w, h int) error {
	if w > MaxPictureSide || h > MaxPictureSide || w*h > MaxPicturePixels {
		return fmt.Errorf("%d by %d pixels: %w", w, h, ErrPicture)
	}
	return nil
}

// Fit makes the picture's bitmap for a paper of that many dots. The error is ErrEmpty without a picture,
// ErrPicture for one that is too large, and ErrRange for another field outside its range.
func (p Picture) Fit(dots int) (*Bitmap, error) {
	if err := checkPicture(p.Image); err != nil {
		return nil, err
	}
	if p.Percent < 0 || p.Percent > 100 || p.Shades > Dither {
		return nil, ErrRange
	}
	dots = min(dots, MaxBitmapWidth)
	width := min(dots, p.Image.Bounds().Dx())
	if p.Percent > 0 {
		width = max(1, dots*p.Percent/100)
	}
	return FitBitmap(p.Image, width, p.Shades)
}

func (e *encoder) picture(p Picture) error {
	b, err := p.Fit(e.p.pictureDots())
	if err != nil {
		return err
	}
	return e.dots(b, p.Align)
}
