package escpos

import (
	"fmt"
	"strings"
)

// PlainText returns the document as plain text of the given width, broken into lines as on paper. Pictures
// and codes stand as a word in brackets, cuts as a broken line. Lines that the printer is sent as pictures,
// because its pages lack a letter, stand as they were written. What cannot be printed is named in brackets
// too, so that a golden file shows it.
func PlainText(d *Doc, columns int) string {
	t := &plain{columns: max(columns, 16)}
	t.layout = layout{columns: t.columns, chars: characters{pages: epsonPages(), noDots: d.Sheet.ByHand()}, line: t.line}
	for _, item := range d.Items {
		if err := t.item(item); err != nil {
			t.line(fmt.Sprintf("[%s: %v]", item.kind(), err), Style{})
		}
	}
	return t.out.String()
}

type plain struct {
	columns int
	layout  layout
	out     strings.Builder
}

func (t *plain) item(item Item) error {
	switch v := item.(type) {
	case Text:
		return t.layout.text(v.S, v.Style)
	case Row:
		return t.layout.row(v)
	case Rule:
		t.line(t.layout.rule(v), Style{})
	case Feed:
		for range min(max(v.Lines, 0), MaxFeedLines) {
			t.line("", Style{})
		}
	case QR:
		t.line("[QR] "+v.Text, Style{})
	case Barcode:
		t.line(fmt.Sprintf("[%v] %s", v.Symbology, v.Data), Style{Align: Center})
	case Image:
		t.picture("image", v.Bitmap, v.Align)
	case Picture:
		if err := checkPicture(v.Image); err != nil {
			return err
		}
		size := v.Image.Bounds().Size()
		t.line(fmt.Sprintf("[picture %d×%d]", size.X, size.Y), Style{Align: v.Align})
	case Logo:
		t.picture("logo", v.Bitmap, v.Align)
	case Cut:
		t.line(strings.TrimRight(strings.Repeat("- ", t.columns/2), " "), Style{})
	case EndMark:
		return t.layout.text("END "+v.Number, endMarkStyle())
	}
	return nil
}

func (t *plain) picture(what string, b *Bitmap, a Align) {
	if b != nil {
		what = fmt.Sprintf("%s %d×%d", what, b.width, b.height)
	}
	t.line("["+what+"]", Style{Align: a})
}

func (t *plain) line(s string, st Style) {
	n := columns(s)
	if st.Wide {
		n *= 2
	}
	switch gap := t.columns - n; {
	case gap <= 0 || s == "":
	case st.Align == Center:
		pad(&t.out, gap/2)
	case st.Align == Right:
		pad(&t.out, gap)
	}
	t.out.WriteString(s)
	t.out.WriteByte('\n')
}
