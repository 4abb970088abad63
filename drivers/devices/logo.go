package devices

import (
	"bytes"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"gatehouse/drivers/escpos"
)

// maxPicture bounds the file of a logo in bytes.
const maxPicture = 8 << 20

// Bitmap reads the logo for a printer, as wide as its papers want it. House is what
// stands for a logo without a file. The result is nil where there is to be none.
// folder is the one of the file that names the logo.
func (l Logo) Bitmap(folder string, p escpos.Profile, house *escpos.Bitmap) (*escpos.Bitmap, error) {
	switch l.File {
	case LogoNone:
		return nil, nil
	case "":
		return house, nil
	}
	path := l.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	b, err := l.read(path, p)
	if err != nil {
		return nil, fmt.Errorf("read the logo %s: %w", path, err)
	}
	return b, nil
}

func (l Logo) read(path string, p escpos.Profile) (*escpos.Bitmap, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, maxPicture+1))
	if err != nil {
		return nil, err
	}
	if len(file) > maxPicture {
		return nil, fmt.Errorf("it has more than %d MB: make it smaller", maxPicture>>20)
	}
	head, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("it must be a PNG file: %w", err)
	}
	if w, h := head.Width, head.Height; w > escpos.MaxPictureSide || h > escpos.MaxPictureSide || w*h > escpos.MaxPicturePixels {
		return nil, fmt.Errorf("%d by %d pixels: %w", w, h, escpos.ErrPicture)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("it must be a PNG file: %w", err)
	}
	shades := escpos.Threshold
	if l.Photo {
		shades = escpos.Dither
	}
	return escpos.Picture{Image: img, Percent: l.Percent, Shades: shades}.Fit(p.Dots)
}

// On is the logo as papers on that printer have it: by its key where the printer
// keeps just this picture, else dot by dot or, if so written, not at all. Nil and
// the zero key are no logo.
func (l Logo) On(p escpos.Profile, b *escpos.Bitmap) (*escpos.Bitmap, escpos.LogoKey) {
	if b == nil {
		return nil, escpos.LogoKey{}
	}
	key, err := escpos.ParseLogoKey(l.Key)
	if err == nil && p.Logos != escpos.NoLogos && l.Hash == b.Hash() {
		return b, key
	}
	if l.Unkept == UnkeptOmit {
		return nil, escpos.LogoKey{}
	}
	return b, escpos.LogoKey{}
}

// Kept is the logo with what the printer keeps of it now; b nil is nothing.
func (l Logo) Kept(b *escpos.Bitmap) Logo {
	l.Key, l.Hash = "", ""
	if b != nil {
		l.Key, l.Hash = escpos.KeyOf(b).String(), b.Hash()
	}
	return l
}

// KeptKey is the key of what the printer was made to keep; zero: nothing.
func (l Logo) KeptKey() escpos.LogoKey {
	key, err := escpos.ParseLogoKey(l.Key)
	if err != nil {
		return escpos.LogoKey{}
	}
	return key
}
