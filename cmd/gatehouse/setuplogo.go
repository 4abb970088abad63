package main

import (
	"context"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/probe"
	"gatehouse/paper"
	"gatehouse/ui/setup/flow"
)

// kept is what the printer at a port was made to keep.
type kept struct {
	port, model string
	logo        devices.Logo
}

// keepLogo makes the printer keep the station's logo where its model can, and
// returns it as the test page shows it: a logo that is not kept is sent. The rest is
// what the person is told of it.
func (r *installer) keepLogo(ctx context.Context, set flow.Settings) (escpos.Logo, flow.Logo) {
	d, err := devices.Load(r.path())
	if err != nil {
		d = devices.Devices{} // save looks after a file that cannot be read
	}
	logo, found := d.Printer.Logo, resultOf(set)
	r.kept = kept{set.Port, set.Model, logo.Kept(nil)}
	house, err := paper.Logo()
	if err != nil {
		r.note("draw the house's logo", err)
		return escpos.Logo{}, flow.Logo{}
	}
	bitmap, unread := logo.Bitmap(r.o.folder(), found.Profile, house)
	if unread != nil {
		r.note("take the house's logo", unread)
		bitmap = house
	}
	if bitmap == nil {
		return escpos.Logo{}, flow.Logo{}
	}
	as, err := probe.KeepLogo(ctx, optionsOf(set), found, probe.Logo{Bitmap: bitmap, Key: escpos.KeyOf(bitmap),
		Before: logo.KeptKey(), Known: logo.Hash == bitmap.Hash() && samePrinter(d.Printer, set)})
	r.note("keep the logo in the printer", err)
	if as != probe.NotKept {
		r.kept.logo = logo.Kept(bitmap)
	}
	told := flow.Logo{Name: map[probe.KeptAs]string{probe.NotKept: "sent", probe.WasKept: "there", probe.NowKept: "written"}[as]}
	if err == nil {
		err = unread
	}
	if err != nil {
		told = flow.Logo{Name: "failed", Cause: err.Error()}
	}
	shown, key := r.kept.logo.On(found.Profile, bitmap)
	return escpos.Logo{Key: key, Bitmap: shown, Align: escpos.Center}, told
}

// logoAfter is the logo as it is written: with what the printer keeps, if that is
// known of this one.
func (r *installer) logoAfter(set flow.Settings, before devices.Printer) devices.Logo {
	switch {
	case r.kept.port == set.Port && r.kept.model == set.Model:
		return r.kept.logo
	case samePrinter(before, set):
		return before.Logo
	}
	return before.Logo.Kept(nil)
}

// samePrinter tells whether the settings are of the printer in the file. Where the
// printer lists what it keeps, it is asked all the same.
func samePrinter(p devices.Printer, set flow.Settings) bool {
	return string(p.Port) == set.Port && p.Model == set.Model
}
