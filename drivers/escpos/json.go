package escpos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"slices"
	"strings"
)

// MaxDocBytes is the most bytes a document may have in its JSON form, pictures included.
const MaxDocBytes = 8 << 20

// FieldError says which field of which item of a document in JSON is wrong.
type FieldError struct {
	Index int    // place in items, from 0; -1 for the document as a whole
	Kind  string // what the item says it is; empty if it does not
	Field string // empty if it is not about one field
	Err   error
}

func (e *FieldError) Error() string {
	var b strings.Builder
	b.WriteString("read document: ")
	if e.Index >= 0 {
		fmt.Fprintf(&b, "item %d", e.Index)
		if e.Kind != "" {
			fmt.Fprintf(&b, " (%.40s)", e.Kind)
		}
		b.WriteString(": ")
	}
	if e.Field != "" {
		fmt.Fprintf(&b, "%.40q: ", e.Field)
	}
	return b.String() + e.Err.Error()
}

func (e *FieldError) Unwrap() error { return e.Err }

// ReadDoc reads a document from its JSON form, an object with "items": a list of objects, each with a "kind"
// and the fields of that kind. All but the first of a kind may be left out. Beside it may stand "sheet":
// "roll" (which is meant without it), "slip", "validation", "endorsement" or "label".
//
//	text     text; bold, underline, reverse, wide, tall; align: "left", "center" or "right"
//	row      cells: a list of objects with text, align ("left" or "right") and width; bold and the rest
//	rule     heavy
//	feed     lines
//	qr       text; level: "L", "M", "Q" or "H"; module
//	barcode  data; symbology: "CODE128", "CODE39", "ITF", "EAN-13", "EAN-8" or "UPC-A"; height, module, caption
//	image    png: a PNG file in base64, at most 640 by 1024 dots; align; dither
//	picture  png of any size up to 8 million pixels, made to fit; percent of the paper's width; align; dither
//	logo     key: two characters, or png, or both; align; dither
//	end      number
//	cut      nothing
//
// What [Item] says of ranges and lengths holds here too and is checked by [Encode]. ReadDoc refuses a
// field it does not know, one that is given twice, and more than [MaxDocBytes] or [MaxItems], with a
// [FieldError] that names the item and the field.
func ReadDoc(r io.Reader) (*Doc, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxDocBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	if len(text) > MaxDocBytes {
		return nil, &FieldError{Index: -1, Err: ErrTooLong}
	}
	top, err := readObject(text)
	if err != nil {
		return nil, &FieldError{Index: -1, Err: err}
	}
	var names []string
	for _, s := range Sheets() {
		names = append(names, s.String())
	}
	sheet := Sheet(top.choice("sheet", names...))
	var items []json.RawMessage
	top.list("items", &items)
	if err := top.done(); err != nil {
		return nil, wrong(-1, "", err)
	}
	if len(items) > MaxItems {
		return nil, wrong(-1, "", &FieldError{Field: "items", Err: ErrTooLong})
	}
	d := &Doc{Sheet: sheet, Items: make([]Item, 0, len(items))}
	for i, raw := range items {
		item, kind, err := readItem(raw)
		if err != nil {
			return nil, wrong(i, kind, err)
		}
		d.Items = append(d.Items, item)
	}
	return d, nil
}

// wrong adds to an error where it is.
func wrong(index int, kind string, err error) error {
	out := &FieldError{Index: index, Kind: kind, Err: err}
	var f *FieldError
	if errors.As(err, &f) {
		out.Field, out.Err = f.Field, f.Err
	}
	return out
}

func readItem(raw json.RawMessage) (Item, string, error) {
	o, err := readObject(raw)
	if err != nil {
		return nil, "", err
	}
	kind := o.text("kind")
	read, known := kinds()[kind]
	if o.err == nil && !known {
		o.fail("kind", fmt.Errorf("there is no kind %.40q of item", kind))
	}
	if o.err != nil {
		return nil, "", o.err
	}
	item := read(o)
	return item, kind, o.done()
}

// kinds are the readers of the items.
func kinds() map[string]func(*object) Item {
	return map[string]func(*object) Item{
		"text": func(o *object) Item { return Text{S: o.text("text"), Style: o.style(true)} },
		"row":  func(o *object) Item { return Row{Cells: o.cells(), Style: o.style(false)} },
		"rule": func(o *object) Item { return Rule{Heavy: o.flag("heavy")} },
		"feed": func(o *object) Item { return Feed{Lines: o.number("lines")} },
		"qr": func(o *object) Item {
			level := o.choice("level", "L", "M", "Q", "H")
			return QR{Text: o.text("text"), Level: QRLevel(level), Module: o.number("module")}
		},
		"barcode": func(o *object) Item {
			var names []string
			for s := Code128; s <= UPCA; s++ {
				names = append(names, s.String())
			}
			return Barcode{Data: o.text("data"), Symbology: Symbology(o.choice("symbology", names...)),
				Height: o.number("height"), Module: o.number("module"), Caption: o.flag("caption")}
		},
		"image": func(o *object) Item { return Image{Bitmap: o.picture("png"), Align: o.align()} },
		"picture": func(o *object) Item {
			return Picture{Shades: o.shades(), Percent: o.number("percent"), Align: o.align(), Image: o.png("png", checkPixels)}
		},
		"logo": func(o *object) Item { return o.logo() },
		"end":  func(o *object) Item { return EndMark{Number: o.text("number")} },
		"cut":  func(*object) Item { return Cut{} },
	}
}

func (o *object) logo() Item {
	l := Logo{Align: o.align(), Bitmap: o.picture("png")}
	if key := o.text("key"); len(key) == len(l.Key) {
		l.Key = LogoKey{key[0], key[1]}
	} else if key != "" {
		o.fail("key", errors.New("it must be two printable ASCII characters"))
	}
	return l
}

// object is a JSON object of which one field after the other is taken. The first thing that is wrong
// with it is kept, and what is taken after that is nothing.
type object struct {
	fields map[string]json.RawMessage
	order  []string // as they stand in the text, so that the same field is named each time
	err    error
}

// readObject reads one JSON object and nothing after it.
func readObject(raw []byte) (*object, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil {
		return nil, notJSON(err)
	} else if t != json.Delim('{') {
		return nil, errors.New("it must be an object in braces")
	}
	o := &object{fields: map[string]json.RawMessage{}}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, notJSON(err)
		}
		name, _ := t.(string) // the decoder allows nothing else here
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, notJSON(err)
		}
		if _, twice := o.fields[name]; twice {
			return nil, &FieldError{Field: name, Err: errors.New("it is given twice")}
		}
		o.fields[name] = value
		o.order = append(o.order, name)
	}
	if _, err := dec.Token(); err != nil {
		return nil, notJSON(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands after its end")
	}
	return o, nil
}

func notJSON(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("it is not JSON at byte %d: %w", syntax.Offset, err)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("it is not JSON: %w", err)
}

func (o *object) fail(field string, err error) {
	if o.err == nil {
		o.err = &FieldError{Field: field, Err: err}
	}
}

// done returns what was wrong, a field that nothing has taken included.
func (o *object) done() error {
	for _, name := range o.order {
		if _, left := o.fields[name]; left {
			o.fail(name, errors.New("there is no such field here"))
		}
	}
	return o.err
}

// take moves a field into v and reports whether it was there. JSON's null stands for nothing here.
func (o *object) take(field, want string, v any) bool {
	raw, there := o.fields[field]
	delete(o.fields, field)
	if !there || o.err != nil {
		return false
	}
	if string(raw) == "null" || json.Unmarshal(raw, v) != nil {
		o.fail(field, fmt.Errorf("it must be %s", want))
		return false
	}
	return true
}

func (o *object) text(field string) (s string) {
	o.take(field, "a text in quotes", &s)
	return s
}

func (o *object) flag(field string) (b bool) {
	o.take(field, "true or false", &b)
	return b
}

func (o *object) number(field string) (n int) {
	o.take(field, "a whole number", &n)
	return n
}

func (o *object) list(field string, items *[]json.RawMessage) {
	if !o.take(field, "a list in brackets", items) {
		o.fail(field, errors.New("it is missing"))
	}
}

// choice is the place of the field's text among the names; the first if it is not given.
func (o *object) choice(field string, names ...string) int {
	var s string
	if !o.take(field, "a text in quotes", &s) {
		return 0
	}
	i := slices.Index(names, s)
	if i < 0 {
		o.fail(field, fmt.Errorf("it must be one of %s", strings.Join(names, ", ")))
		return 0
	}
	return i
}

func (o *object) align() Align { return Align(o.choice("align", "left", "center", "right")) }

func (o *object) style(placed bool) Style {
	st := Style{
		Bold: o.flag("bold"), Underline: o.flag("underline"), Reverse: o.flag("reverse"),
		Wide: o.flag("wide"), Tall: o.flag("tall"),
	}
	if placed {
		st.Align = o.align()
	}
	return st
}

func (o *object) cells() []Cell {
	var raw []json.RawMessage
	o.list("cells", &raw)
	var cells []Cell
	for i, r := range raw {
		place := fmt.Sprintf("cells[%d]", i)
		c, err := readObject(r)
		if err != nil {
			o.fail(place, err)
			return nil
		}
		cell := Cell{S: c.text("text"), Width: c.number("width"), Align: Left}
		if c.choice("align", "left", "right") == 1 {
			cell.Align = Right
		}
		if err := c.done(); err != nil {
			inner := &FieldError{}
			errors.As(err, &inner)
			o.fail(place+"."+inner.Field, inner.Err)
			return nil
		}
		cells = append(cells, cell)
	}
	return cells
}

// picture is a PNG, dot for pixel; nil if it is not given.
func (o *object) picture(field string) *Bitmap {
	shades := o.shades()
	img := o.png(field, func(w, h int) error {
		if w > MaxBitmapWidth || h > MaxBitmapHeight {
			return fmt.Errorf("%d by %d dots, at most %d by %d are allowed: make it smaller", w, h, MaxBitmapWidth, MaxBitmapHeight)
		}
		return nil
	})
	if img == nil {
		return nil
	}
	b, err := NewBitmap(img, shades)
	if err != nil {
		o.fail(field, err)
	}
	return b
}

func (o *object) shades() Shades {
	if o.flag("dither") {
		return Dither
	}
	return Threshold
}

// png is a PNG file in base64; nil if it is not given. Its size is looked at before its pixels are.
func (o *object) png(field string, fits func(w, h int) error) image.Image {
	var file []byte
	if !o.take(field, "a PNG file in base64", &file) {
		return nil
	}
	head, err := png.DecodeConfig(bytes.NewReader(file))
	if err == nil {
		err = fits(head.Width, head.Height)
	}
	if err != nil {
		o.fail(field, err)
		return nil
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		o.fail(field, err)
		return nil
	}
	return img
}
