package storetest

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"gatehouse/central/store"
	"gatehouse/sync/wire"
)

func blobs(t *testing.T, b *bench) {
	ctx := context.Background()
	content := []byte("a chunk of customers")
	if _, err := b.Blob(ctx, wire.HashOf(content)); !errors.Is(err, store.ErrNoBlob) {
		t.Errorf("before: %v", err)
	}
	for range 2 { // the second time changes nothing
		name, err := b.PutBlob(ctx, "customers", content)
		must(t, err)
		if name != wire.HashOf(content) {
			t.Errorf("its name is %s", name)
		}
	}
	large := bytes.Repeat([]byte("x"), store.MaxBlob)
	_, err := b.PutBlob(ctx, "staff", large)
	must(t, err)
	must(t, b.Store.Close())
	b.Store = b.open(t, b.place, b.clock)
	for _, want := range [][]byte{content, large} {
		got, err := b.Blob(ctx, wire.HashOf(want))
		must(t, err)
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes came back as %d others", len(want), len(got))
		}
	}
	for name, bad := range map[string]struct {
		feed    string
		content []byte
		want    error
	}{
		"nothing":    {"customers", nil, wire.ErrSize},
		"too large":  {"customers", append(large, 'x'), wire.ErrSize},
		"no feed":    {"", content, wire.ErrMalformed},
		"not a feed": {"../customers", content, wire.ErrMalformed},
	} {
		if _, err := b.PutBlob(ctx, bad.feed, bad.content); !errors.Is(err, bad.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func blobsDropped(t *testing.T, b *bench) {
	ctx := context.Background()
	put := func(feed, content string) wire.Hash {
		name, err := b.PutBlob(ctx, feed, []byte(content))
		must(t, err)
		return name
	}
	old, kept, refreshed := put("customers", "old"), put("customers", "kept"), put("customers", "refreshed")
	other, both := put("staff", "other"), put("customers", "both")
	put("staff", "both")
	before := b.clock()
	put("customers", "refreshed")
	fresh := put("customers", "fresh")
	dropped, err := b.DropBlobs(ctx, "customers", []wire.Hash{kept}, before)
	must(t, err)
	if dropped != 2 {
		t.Errorf("%d dropped, want 2", dropped)
	}
	for name, want := range map[wire.Hash]bool{old: false, kept: true, refreshed: true, other: true, both: true, fresh: true} {
		if _, err := b.Blob(ctx, name); (err == nil) != want || err != nil && !errors.Is(err, store.ErrNoBlob) {
			t.Errorf("%s: there %v, want %v: %v", name, err == nil, want, err)
		}
	}
	// With nothing to keep, all that is old goes.
	if _, err := b.DropBlobs(ctx, "customers", nil, b.clock()); err != nil {
		t.Error(err)
	}
	if _, err := b.Blob(ctx, kept); !errors.Is(err, store.ErrNoBlob) {
		t.Errorf("kept by nobody: %v", err)
	}
}
