package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/probe"
	"gatehouse/paper"
	"gatehouse/ui/words"
)

// keepLogo makes the printer keep the logo of the station in dir, puts it onto the
// test page, and says what became of it: "written", "there", "sent" or "none". A
// printer that does not keep it is no failure; a picture that cannot be read is.
func (p *probing) keepLogo(ctx context.Context, found *probe.Result, dir string) (string, error) {
	all, err := devices.Load(filepath.Join(dir, devices.FileName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	before := all.Printer
	p.logo = before.Logo
	switch p.logoFile {
	case "":
	case devices.LogoNone:
		p.logo.File = devices.LogoNone
	default:
		if p.logo.File, err = filepath.Abs(p.logoFile); err != nil {
			return "", fmt.Errorf("read the logo: %w", err)
		}
	}
	house, err := paper.Logo()
	if err != nil {
		return "", err
	}
	bitmap, err := p.logo.Bitmap(dir, found.Profile, house)
	if err != nil {
		return "", err
	}
	old := p.logo
	if p.logo = old.Kept(nil); bitmap == nil {
		return "none", nil
	}
	same := before.Port == p.options.Port && before.Model == found.Profile.Name
	as, err := probe.KeepLogo(ctx, p.options, *found, probe.Logo{Bitmap: bitmap, Key: escpos.KeyOf(bitmap),
		Before: old.KeptKey(), Known: old.Hash == bitmap.Hash() && same})
	if as != probe.NotKept {
		p.logo = old.Kept(bitmap)
	}
	shown, key := p.logo.On(found.Profile, bitmap)
	found.Logo = escpos.Logo{Key: key, Bitmap: shown, Align: escpos.Center}
	switch {
	case err != nil:
		p.say(p.words.Say("setup.logo.failed", words.Args{"cause": err.Error()}))
	case as == probe.NowKept:
		p.say(p.words.Say("setup.logo.written"))
		return "written", nil
	case as == probe.WasKept:
		p.say(p.words.Say("setup.logo.there"))
		return "there", nil
	default:
		p.say(p.words.Say("setup.logo.sent"))
	}
	return "sent", nil
}
