package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"

	"gatehouse/desk/report"
	"gatehouse/drivers/escpos"
)

// ReportOptions say whose report it is and who wanted it.
type ReportOptions struct {
	Utility  string
	By       string    // name of who printed it
	At       time.Time // when; also written into the file as the time of its making
	Zone     *time.Location
	Training bool // says on every page that it is not valid
	Page     Page // Letter, or A4
}

// maxRows bounds one report, to about a thousand pages: whoever wants more wants a
// file, not paper.
const maxRows = 40_000

// Sizes of a report in millimetres, and of its letters in points.
const (
	reportEdge   = 16.0
	reportFoot   = 14.0 // room at the bottom for the page's number
	gutter       = 3.2  // between two columns
	drawnHigh    = 1.25 // height of a drawn line in heights of a letter
	drawnNarrow  = 0.72 // width of a drawn letter of what it is on paper
	lineSpace    = 1.3  // height of a line in heights of a letter
	rowAir       = 0.9  // above and below the words of a row
	titlePoints  = 15.0
	namePoints   = 10.0
	smallPoints  = 8.0
	hair         = 0.12
	thin         = 0.25
	heavy        = 0.5
	turnAt       = 1.15 // wider than the page upright by this much, it is turned
	greyHairline = 190  // 0 is black
)

// Report draws a table with its picture on sheets, upright or turned as its columns
// need. Every page says what it is, of when, and which page of how many.
func Report(t *report.Table, o ReportOptions) ([]byte, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if len(t.Rows) > maxRows {
		return nil, fmt.Errorf("draw the report %s: it has %d rows, at most %d: choose a shorter period, or CSV", t.Name, len(t.Rows), maxRows)
	}
	// Once to count the pages, and once with their number on each.
	s := drawReport(t, o, drawReport(t, o, 0).PageCount())
	var out bytes.Buffer
	if err := errors.Join(s.err, s.Output(&out)); err != nil {
		return nil, fmt.Errorf("draw the report %s: %w", t.Name, err)
	}
	return out.Bytes(), nil
}

func drawReport(t *report.Table, o ReportOptions, pages int) *sheets {
	s := &sheets{t: t, o: o, pages: pages}
	s.start()
	s.heading()
	s.facts()
	s.picture()
	s.table()
	s.notes()
	return s
}

// sheets is a report being drawn, from the top of the first page down.
type sheets struct {
	*fpdf.Fpdf
	t             *report.Table
	o             ReportOptions
	pages         int // that there are; 0 while they are being counted
	err           error
	width, height float64 // of the page
	y             float64
	points        float64 // of the table's letters
	columns       []column
	face          string // of the letters that are set
	canvas        *canvas
}

// start measures the columns and takes paper that they fit on.
func (s *sheets) start() {
	short, long := 215.9, 279.4
	if s.o.Page == A4 {
		short, long = 210, 297
	}
	s.Fpdf = fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: fpdf.SizeType{Wd: short, Ht: long}})
	s.width, s.height = short, long
	s.points = 9
	if s.measure(); s.natural() > (short-2*reportEdge)*turnAt {
		s.Fpdf = fpdf.NewCustom(&fpdf.InitType{OrientationStr: "L", UnitStr: "mm", Size: fpdf.SizeType{Wd: short, Ht: long}})
		s.width, s.height = long, short
	}
	for s.measure(); s.least() > s.inner() && s.points > 5; s.measure() {
		s.points -= 0.5
	}
	s.fit()
	s.canvas = &canvas{Fpdf: s.Fpdf}
	s.SetAutoPageBreak(false, 0)
	s.SetCatalogSort(true)
	s.SetCreationDate(s.o.At.UTC())
	s.SetModificationDate(s.o.At.UTC())
	s.SetProducer("Gatehouse", false)
	s.SetTitle(s.t.Title+", "+s.t.When(), true)
	s.SetFooterFunc(s.footer)
	s.AddPage()
	s.y = reportEdge
}

// inner is how wide a line may be.
func (s *sheets) inner() float64 { return s.width - 2*reportEdge }

func (s *sheets) footer() {
	y := s.height - reportEdge/2 - 2
	s.rule(y-4.5, thin, 0)
	s.font("", smallPoints)
	page := fmt.Sprintf("Page %d of %d", s.PageNo(), s.pages)
	right := s.width - reportEdge - s.wide(page)
	s.words(right, y, page)
	if s.o.Training {
		const training = "TRAINING - NOT VALID"
		s.font("B", smallPoints)
		right -= s.wide(training) + footerGap
		s.words(right, y, training)
		s.font("", smallPoints)
	}
	what := s.t.Title + ", " + s.t.When()
	if all := s.o.Utility + ": " + what; reportEdge+s.wide(all)+footerGap < right {
		what = all // the utility's name is on the first page anyway
	}
	s.words(reportEdge, y, what)
}

// footerGap is between the words of the last line, in millimetres.
const footerGap = 6

// heading is the top of the first page.
func (s *sheets) heading() {
	if s.o.Training {
		s.font("B", titlePoints)
		s.middle(s.y+4, "TRAINING - NOT VALID")
		s.y += 8
	}
	s.font("B", namePoints)
	s.words(reportEdge, s.y+3, s.o.Utility)
	s.font("", smallPoints)
	right := []string{"Printed " + s.o.At.In(s.o.Zone).Format("Jan 2, 2006 15:04"), "by " + s.o.By,
		fmt.Sprintf("Station %s, entries 1 to %d", s.t.Station, s.t.Through)}
	for i, line := range right {
		s.words(s.width-reportEdge-s.wide(line), s.y+3+float64(i)*4, line)
	}
	s.font("B", titlePoints)
	s.words(reportEdge, s.y+10.5, s.t.Title)
	s.font("", namePoints+1)
	s.words(reportEdge, s.y+16.5, s.t.When())
	s.y += 20
	s.rule(s.y, heavy, 0)
	s.y += 4
}

// facts are said in two columns above the table, those too long for that in a line.
func (s *sheets) facts() {
	if len(s.t.Facts) == 0 {
		return
	}
	const step = 4.6
	half := s.inner() / 2
	at := 0
	for _, f := range s.t.Facts {
		s.font("B", 9)
		value := s.wide(f.Value)
		s.font("", 9)
		name := s.wide(f.Name)
		long := name+value+6 > half-gutter
		if long && at == 1 {
			s.y, at = s.y+step, 0
		}
		x, room := reportEdge+float64(at)*half, half-2*gutter
		if long {
			room = s.inner()
		}
		s.words(x, s.y+3, f.Name)
		s.font("B", 9)
		if long && name+value+6 > s.inner() { // a hash: as large as it fits
			s.font("B", 9*(s.inner()-name-6)/value)
			value = s.wide(f.Value)
		}
		s.words(x+room-value, s.y+3, f.Value)
		if at++; at == 2 || long {
			s.y, at = s.y+step, 0
		}
	}
	if at == 1 {
		s.y += step
	}
	s.y += 4
}

// notes are the sentences below the table.
func (s *sheets) notes() {
	s.y += 3
	for _, n := range s.t.Notes {
		face := ""
		if strings.HasPrefix(n, "DOES NOT AGREE") {
			face = "B"
		}
		s.font(face, smallPoints)
		for _, line := range s.wrap(n, s.inner()) {
			s.room(4)
			s.words(reportEdge, s.y+3, line)
			s.y += 3.8
		}
		s.y += 1
	}
}

// room begins a new page where less than so much is left on this one.
func (s *sheets) room(mm float64) bool {
	if s.y+mm <= s.height-reportFoot-4 {
		return false
	}
	s.AddPage()
	s.y = reportEdge
	return true
}

func (s *sheets) font(face string, points float64) {
	s.face = face
	s.SetFont("Helvetica", face, points)
}

func (s *sheets) rule(y, thick float64, grey int) {
	s.SetDrawColor(grey, grey, grey)
	s.SetLineWidth(thick)
	s.Line(reportEdge, y, s.width-reportEdge, y)
}

func (s *sheets) middle(y float64, text string) { s.words((s.width-s.wide(text))/2, y, text) }

// words writes a line whose letters stand on y. What the letters of the PDF lack is
// drawn, with the text behind it.
func (s *sheets) words(x, y float64, text string) {
	if letters, err := windows(text); err == nil {
		s.Text(x, y, letters)
		return
	}
	_, unit := s.GetFontSize()
	file, err := pngOf(escpos.DrawLine(text, escpos.Style{Bold: s.face != "", Wide: true}))
	if err != nil {
		s.err = errors.Join(s.err, err)
		return
	}
	points, _ := s.GetFontSize()
	wide := s.wide(text)
	s.canvas.place(file, x, y-unit*0.95, wide, unit*drawnHigh)
	s.canvas.behind(text, x, y, wide)
	s.font(s.face, points)
}

// wide is how wide a text is in the letters that are set.
func (s *sheets) wide(text string) float64 {
	if letters, err := windows(text); err == nil {
		return s.GetStringWidth(letters)
	}
	_, unit := s.GetFontSize()
	drawn := escpos.DrawLine(text, escpos.Style{Wide: true})
	return unit * drawnHigh * drawnNarrow * float64(drawn.Width()) / float64(drawn.Height())
}

// wrap breaks a text into lines that are not wider than room: between words, and
// inside one only where it is wider itself.
func (s *sheets) wrap(text string, room float64) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if both := strings.TrimLeft(line+" "+word, " "); s.wide(both) <= room {
			line = both
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for s.wide(word) > room && len([]rune(word)) > 1 {
			letters := []rune(word)
			n := 1
			for n < len(letters) && s.wide(string(letters[:n+1])) <= room {
				n++
			}
			lines = append(lines, string(letters[:n]))
			word = string(letters[n:])
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
