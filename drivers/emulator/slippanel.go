package emulator

import (
	"fmt"
	"io"
	"net/http"
	"slices"
)

// handleForms adds the slip station to the panel:
//
//	GET  /forms        the forms that are done with, as JSON
//	GET  /forms/N-front.png, /forms/N-back.txt, …   a side of form N as png, txt or json
//	POST /check/line   the body is the line in magnetic ink of the next check
func (p *Printer) handleForms(mux *http.ServeMux) {
	mux.HandleFunc("GET /forms", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, p.Forms()) })
	mux.HandleFunc("GET /forms/{file}", p.serveForm)
	mux.HandleFunc("POST /check/line", p.takeLine)
}

// serveForm shows one side of one form.
func (p *Printer) serveForm(w http.ResponseWriter, r *http.Request) {
	var n int
	var name string
	if _, err := fmt.Sscanf(r.PathValue("file"), "%d-%s", &n, &name); err != nil {
		http.NotFound(w, r)
		return
	}
	forms := p.Forms()
	i := slices.IndexFunc(forms, func(f Form) bool { return f.Number == n })
	if i < 0 {
		http.Error(w, fmt.Sprintf("no form %d is kept", n), http.StatusNotFound)
		return
	}
	sides := map[string]Piece{"front.": forms[i].Front, "back.": forms[i].Back}
	for side, piece := range sides {
		if len(name) > len(side) && name[:len(side)] == side {
			servePaper(w, r, piece, name[len(side):])
			return
		}
	}
	http.NotFound(w, r)
}

// takeLine takes what stands on the next check.
func (p *Printer) takeLine(w http.ResponseWriter, r *http.Request) {
	line, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxCheckLine))
	if err != nil {
		http.Error(w, fmt.Sprintf("the line of a check has at most %d characters", MaxCheckLine), http.StatusRequestEntityTooLarge)
		return
	}
	p.SetCheckLine(string(line))
	writeJSON(w, p.State())
}

// recentForms are the numbers of the last forms, newest first.
func (p *Printer) recentForms() []int {
	var all []int
	for _, f := range p.Forms() {
		all = append(all, f.Number)
	}
	slices.Reverse(all)
	return all[:min(len(all), 5)]
}
