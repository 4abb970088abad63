package paper

import (
	"image"
	"image/color"
	"math"

	"gatehouse/drivers/escpos"
)

// Size of the logo in dots: two thirds of the narrowest paper, and whole bytes.
const (
	logoWidth  = 304
	logoHeight = 112 // the last eight are white, so that what follows does not touch the water
)

// Logo draws the house's sign: a drop of water under the arch of a gatehouse,
// with the water running through.
func Logo() (*escpos.Bitmap, error) {
	img := image.NewGray(image.Rect(0, 0, logoWidth, logoHeight))
	for y := range logoHeight {
		for x := range logoWidth {
			shade := uint8(255)
			if inLogo(float64(x)+0.5-logoWidth/2, float64(y)+0.5) {
				shade = 0
			}
			img.SetGray(x, y, color.Gray{Y: shade})
		}
	}
	return escpos.NewBitmap(img, escpos.Threshold)
}

// inLogo says whether there is ink at x to the right of the middle, y from the
// top.
func inLogo(x, y float64) bool {
	if drop(x, y) {
		return !(math.Hypot(x+5, y-64) < 6 && x < -3) // a glint
	}
	return gate(x, y) || water(x, y)
}

// drop has a round foot and a straight-sided tip.
func drop(x, y float64) bool {
	const tip, middle, radius = 26.0, 62.0, 17.0
	if math.Hypot(x, y-middle) <= radius {
		return true
	}
	// The sides touch the circle where the radius stands square on them.
	reach := middle - tip
	touch := middle - radius*radius/reach
	half := radius * math.Sqrt(1-radius*radius/(reach*reach))
	return y >= tip && y <= touch && math.Abs(x) <= half*(y-tip)/(touch-tip)
}

// gate is two towers with battlements and a wall with an arch between them.
func gate(x, y float64) bool {
	const ground = 84.0
	side := math.Abs(x)
	if y >= ground {
		return false
	}
	if side >= 46 && side <= 72 { // tower
		merlon := math.Mod(side-46, 26.0/2.5*1) < 26.0/5
		slit := math.Abs(side-59) < 2.5 && y > 34 && y < 52
		return !slit && (y >= 12 || y >= 4 && merlon)
	}
	if side < 46 { // wall with its arch
		merlon := math.Mod(side+6, 16) < 10
		arch := math.Hypot(x, y-50) < 34 || y > 50 && side < 34
		return !arch && (y >= 14 || y >= 8 && merlon)
	}
	return false
}

// water runs in two waves to both sides.
func water(x, y float64) bool {
	if math.Abs(x) > 148 {
		return false
	}
	for i, level := range []float64{90, 99} {
		crest := level + 2.2*math.Sin(x/9+float64(i)*1.6)
		if math.Abs(y-crest) < 1.7 {
			return true
		}
	}
	return false
}
