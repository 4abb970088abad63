package escpos_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"reflect"
	"strings"
	"testing"

	"gatehouse/drivers/escpos"
)

// pictureOf is a black picture as JSON has it.
func pictureOf(t testing.TB, w, h int) string {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(file.Bytes())
}

// Each item in JSON is the item of the same name, and nothing need be said that is as usual.
func TestReadDocReadsEachItem(t *testing.T) {
	black := bitmapOf(t, "##", "##")
	for _, c := range []struct {
		json string
		want escpos.Item
	}{
		{`{"kind":"text","text":"Año"}`, escpos.Text{S: "Año"}},
		{`{"kind":"text","text":"a","bold":true,"underline":true,"reverse":true,"wide":true,"tall":true,"align":"center"}`,
			escpos.Text{S: "a", Style: escpos.Style{Bold: true, Underline: true, Reverse: true, Wide: true, Tall: true, Align: escpos.Center}}},
		{`{"kind":"row","cells":[{"text":"Due"},{"text":"$1.00","align":"right","width":8}],"bold":true}`,
			escpos.Row{Cells: []escpos.Cell{{S: "Due"}, {S: "$1.00", Align: escpos.Right, Width: 8}}, Style: escpos.Style{Bold: true}}},
		{`{"kind":"rule"}`, escpos.Rule{}},
		{`{"kind":"rule","heavy":true}`, escpos.Rule{Heavy: true}},
		{`{"kind":"feed","lines":3}`, escpos.Feed{Lines: 3}},
		{`{"kind":"qr","text":"x","level":"H","module":5}`, escpos.QR{Text: "x", Level: escpos.QRHigh, Module: 5}},
		{`{"kind":"barcode","data":"42"}`, escpos.Barcode{Data: "42"}},
		{`{"kind":"barcode","data":"42","symbology":"ITF","height":60,"module":2,"caption":true}`,
			escpos.Barcode{Data: "42", Symbology: escpos.ITF, Height: 60, Module: 2, Caption: true}},
		{`{"kind":"image","png":"` + pictureOf(t, 2, 2) + `","align":"right","dither":true}`, escpos.Image{Bitmap: black, Align: escpos.Right}},
		{`{"kind":"picture","png":"` + pictureOf(t, 700, 2) + `","percent":50,"dither":true,"align":"center"}`,
			escpos.Picture{Image: image.NewGray(image.Rect(0, 0, 700, 2)), Percent: 50, Shades: escpos.Dither, Align: escpos.Center}},
		{`{"kind":"logo","key":"GH"}`, escpos.Logo{Key: escpos.LogoKey{'G', 'H'}}},
		{`{"kind":"logo","png":"` + pictureOf(t, 2, 2) + `","align":"center"}`, escpos.Logo{Bitmap: black, Align: escpos.Center}},
		{`{"kind":"end","number":"A1-7"}`, escpos.EndMark{Number: "A1-7"}},
		{`{"kind":"cut"}`, escpos.Cut{}},
	} {
		d, err := escpos.ReadDoc(strings.NewReader(`{"items":[` + c.json + `]}`))
		if err != nil {
			t.Errorf("%s: %v", c.json, err)
			continue
		}
		if !reflect.DeepEqual(d.Items, []escpos.Item{c.want}) {
			t.Errorf("%s is read as %+v, want %+v", c.json, d.Items, c.want)
		}
	}
}

// An error names the item and the field, so that whoever wrote the document finds the place.
func TestReadDocSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{``, `read document: it is not JSON: unexpected EOF`},
		{`[]`, `read document: it must be an object in braces`},
		{`{"items":[]} {}`, `read document: something stands after its end`},
		{`{}`, `read document: "items": it is missing`},
		{`{"items":null}`, `read document: "items": it must be a list in brackets`},
		{`{"items":[],"title":"x"}`, `read document: "title": there is no such field here`},
		{`{"items":[{"kind":"cut"},{"kind":"blink"}]}`, `read document: item 1: "kind": there is no kind "blink" of item`},
		{`{"items":[{"text":"a"}]}`, `read document: item 0: "kind": there is no kind "" of item`},
		{`{"items":[7]}`, `read document: item 0: it must be an object in braces`},
		{`{"items":[{"kind":"text","txt":"a"}]}`, `read document: item 0 (text): "txt": there is no such field here`},
		{`{"items":[{"kind":"text","Text":"a"}]}`, `read document: item 0 (text): "Text": there is no such field here`},
		{`{"items":[{"kind":"text","text":"a","text":"b"}]}`, `read document: item 0: "text": it is given twice`},
		{`{"items":[{"kind":"text","text":7}]}`, `read document: item 0 (text): "text": it must be a text in quotes`},
		{`{"items":[{"kind":"text","text":"a","bold":"yes"}]}`, `read document: item 0 (text): "bold": it must be true or false`},
		{`{"items":[{"kind":"text","text":null}]}`, `read document: item 0 (text): "text": it must be a text in quotes`},
		{`{"items":[{"kind":"text","text":"a","align":"middle"}]}`, `read document: item 0 (text): "align": it must be one of left, center, right`},
		{`{"items":[{"kind":"row","cells":[{"text":"a"},{"text":"b","align":"center"}]}]}`, `read document: item 0 (row): "cells[1].align": it must be one of left, right`},
		{`{"items":[{"kind":"row","cells":["a"]}]}`, `read document: item 0 (row): "cells[0]": it must be an object in braces`},
		{`{"items":[{"kind":"row"}]}`, `read document: item 0 (row): "cells": it is missing`},
		{`{"items":[{"kind":"feed","lines":1.5}]}`, `read document: item 0 (feed): "lines": it must be a whole number`},
		{`{"items":[{"kind":"feed","lines":1e99}]}`, `read document: item 0 (feed): "lines": it must be a whole number`},
		{`{"items":[{"kind":"qr","text":"a","level":"X"}]}`, `read document: item 0 (qr): "level": it must be one of L, M, Q, H`},
		{`{"items":[{"kind":"logo","key":"LOGO"}]}`, `read document: item 0 (logo): "key": it must be two printable ASCII characters`},
		{`{"items":[{"kind":"image","png":"!"}]}`, `read document: item 0 (image): "png": it must be a PNG file in base64`},
		{`{"items":[{"kind":"image","png":"AAAA"}]}`, `read document: item 0 (image): "png": unexpected EOF`},
		{`{"items":[{"kind":"image","png":"` + pictureOf(t, 641, 1) + `"}]}`,
			`read document: item 0 (image): "png": 641 by 1 dots, at most 640 by 1024 are allowed: make it smaller`},
	} {
		_, err := escpos.ReadDoc(strings.NewReader(c.json))
		if err == nil || err.Error() != c.want {
			t.Errorf("%.80s\n got %v\nwant %s", c.json, err, c.want)
		}
	}
}

func TestReadDocIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"bytes": `{"items":[` + strings.Repeat(" ", escpos.MaxDocBytes) + `]}`,
		"items": `{"items":[` + strings.Repeat(`{"kind":"cut"},`, escpos.MaxItems) + `{"kind":"cut"}]}`,
	} {
		if _, err := escpos.ReadDoc(strings.NewReader(text)); !errors.Is(err, escpos.ErrTooLong) {
			t.Errorf("too many %s: %v", name, err)
		}
	}
}

// A receipt in JSON gives the bytes of the same receipt made by a program.
func TestReceiptInJSON(t *testing.T) {
	file, err := os.Open("testdata/receipt.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d, err := escpos.ReadDoc(file)
	if err != nil {
		t.Fatal(err)
	}
	want := receipt(escpos.Logo{Key: escpos.LogoKey{'G', 'H'}, Align: escpos.Center})
	if !reflect.DeepEqual(d, want) {
		t.Errorf("it is read as\n%s\nwant\n%s", escpos.PlainText(d, 42), escpos.PlainText(want, 42))
	}
}

// Whatever the text: no panic, an error that says it is about a document, and a document that is refused
// or encoded without a real-time command.
func FuzzReadDoc(f *testing.F) {
	seed, err := os.ReadFile("testdata/receipt.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(fmt.Sprintf(`{"items":[{"kind":"image","png":%q,"dither":true},{"kind":"barcode","data":"12","symbology":"ITF"}]}`, pictureOf(f, 9, 9))))
	f.Add([]byte(`{"items":[{"kind":"row","cells":[{"text":"\u0010\u0014\u0001"}]},{"kind":"feed","lines":-1}]}`))
	profiles := []escpos.Profile{named(f, "TM-T88VI"), named(f, "TM-U220")}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := escpos.ReadDoc(bytes.NewReader(text))
		var field *escpos.FieldError
		if err != nil {
			if d != nil || !errors.As(err, &field) || !strings.HasPrefix(err.Error(), "read document: ") {
				t.Fatalf("%v with %v", d, err)
			}
			return
		}
		for _, p := range profiles {
			segs, err := escpos.Encode(d, p)
			var item *escpos.ItemError
			if err != nil && !errors.As(err, &item) {
				t.Fatal(err)
			}
			for _, s := range segs {
				noRealtime(t, s.Data)
			}
		}
	})
}
