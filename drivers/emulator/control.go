package emulator

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
)

//go:embed panel.html
var panelFile embed.FS

// Handler returns the panel, for loopback only: it asks nobody who they are.
//
//	GET  /             a page with buttons and the paper so far
//	GET  /state        the [State] as JSON
//	GET  /pieces       how many pieces there are, and the numbers of those kept
//	GET  /pieces/N.png, /pieces/N.txt, /pieces/N.json   piece N; 0 is the one still in the printer
//	GET  /forms, /forms/N-front.png, POST /check/line   the slip station, see handleForms
//	POST /paper/out, /cover/open, …   every action of [Actions]
//
// An action is answered with the state after it.
func (p *Printer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.servePanel)
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, p.State()) })
	mux.HandleFunc("GET /pieces", p.servePieces)
	mux.HandleFunc("GET /pieces/{file}", p.servePiece)
	p.handleForms(mux)
	for _, a := range Actions() {
		mux.HandleFunc("POST /"+a, func(w http.ResponseWriter, _ *http.Request) {
			if err := p.Do(a); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			writeJSON(w, p.State())
		})
	}
	return http.NewCrossOriginProtection().Handler(mux)
}

func writeJSON(w http.ResponseWriter, v any) {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, "write answer: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(data, '\n')) // the client may have gone
}

func (p *Printer) servePieces(w http.ResponseWriter, _ *http.Request) {
	kept := []int{}
	for _, piece := range p.Pieces() {
		kept = append(kept, piece.Number)
	}
	writeJSON(w, map[string]any{"kept": kept})
}

// servePiece shows one piece in the form its name asks for.
func (p *Printer) servePiece(w http.ResponseWriter, r *http.Request) {
	var n int
	var form string
	if _, err := fmt.Sscanf(r.PathValue("file"), "%d.%s", &n, &form); err != nil {
		http.NotFound(w, r)
		return
	}
	piece, ok := p.piece(n)
	if !ok {
		http.Error(w, "no piece "+strconv.Itoa(n)+" is kept", http.StatusNotFound)
		return
	}
	servePaper(w, r, piece, form)
}

// servePaper shows a piece as "png", "txt" or "json".
func servePaper(w http.ResponseWriter, r *http.Request, piece Piece, form string) {
	var data []byte
	var err error
	switch form {
	case "png":
		w.Header().Set("Content-Type", "image/png")
		data, err = piece.PNG()
	case "txt":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		data = []byte(piece.Text())
	case "json":
		w.Header().Set("Content-Type", "application/json")
		data, err = piece.JSON()
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, "draw piece: "+err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(data) // the client may have gone
}

// piece finds a piece that is kept; 0 is the unfinished one.
func (p *Printer) piece(n int) (Piece, bool) {
	if n == 0 {
		return p.Unfinished(), true
	}
	pieces := p.Pieces()
	i := slices.IndexFunc(pieces, func(q Piece) bool { return q.Number == n })
	if i < 0 {
		return Piece{}, false
	}
	return pieces[i], true
}

func (p *Printer) servePanel(w http.ResponseWriter, _ *http.Request) {
	page, err := template.ParseFS(panelFile, "panel.html")
	if err != nil {
		http.Error(w, "draw panel: "+err.Error(), http.StatusInternalServerError)
		return
	}
	var recent []int
	for _, piece := range p.Pieces() {
		recent = append(recent, piece.Number)
	}
	slices.Reverse(recent)
	recent = recent[:min(len(recent), 10)]
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, map[string]any{"State": p.State(), "Pieces": recent, "Forms": p.recentForms()}) // the client may have gone
}
