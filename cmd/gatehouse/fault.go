package main

import (
	"errors"
	"io/fs"
	"syscall"

	"gatehouse/ledger"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// faultKey names the sentences for why a station cannot be opened.
func faultKey(err error) words.Key {
	for _, one := range []struct {
		is   error
		name words.Key
	}{
		{ledger.ErrInUse, "in_use"},
		{ledger.ErrTooNew, "too_new"},
		{syscall.ENOSPC, "disk_full"},
		{syscall.EDQUOT, "disk_full"},
		{ledger.ErrDamaged, "damaged"},
		{ledger.ErrWitnessAhead, "witness"},
		{ledger.ErrWitnessDiffers, "witness"},
		{errNoData, "no_data"},
		{errPolicy, "policy"},
		{errDevices, "devices"},
		{errCentral, "central"},
		{fs.ErrPermission, "forbidden"},
		{syscall.EROFS, "forbidden"},
	} {
		if errors.Is(err, one.is) {
			return "station.fault." + one.name
		}
	}
	return "station.fault.other"
}

// faultMessage says why a station cannot be opened, what is safe, and what to do.
func faultMessage(b *words.Book, o options, err error) kit.Message {
	key, args := faultKey(err), words.Args{"folder": o.data}
	return kit.Message{Level: kit.Refused, What: b.Say(key+".what", args), Safe: b.Say(key+".safe", args), Do: b.Say(key+".do", args)}
}
