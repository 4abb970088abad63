package probe

import (
	"strings"
	"unicode"

	"gatehouse/drivers/escpos"
)

// unknownModel is the profile proposed for a printer that none is named after.
const unknownModel = "generic-80"

// propose chooses the profile.
func (s *search) propose() {
	if s.told != nil {
		s.found.Profile, s.found.Certain = *s.told, true
		s.tell(Finding{Code: Profiled, Text: s.told.Name})
		return
	}
	if p, known := profileFor(s.found.Name); known {
		s.found.Profile, s.found.Certain = p, true
		s.tell(Finding{Code: Profiled, Text: p.Name})
		return
	}
	p, _ := escpos.ProfileNamed(unknownModel)
	s.found.Profile = p
	s.tell(Finding{Code: Unknown, Text: p.Name})
}

// profileFor finds the profile whose name the printer gives as its model: the
// longest that it begins with, because makers append variants ("TM-T88VI-iHUB").
func profileFor(name string) (escpos.Profile, bool) {
	var best escpos.Profile
	for _, p := range escpos.Profiles() {
		if p.WriteOnly || strings.HasPrefix(p.Name, "generic") {
			continue
		}
		if names(name, p.Name) && len(p.Name) > len(best.Name) {
			best = p
		}
	}
	return best, best.Name != ""
}

// names tells whether the model stands in the name as a word, or begins one that
// goes on with something other than a letter or a digit: a TM-T88VI is no TM-T88V.
func names(name, model string) bool {
	name, model = plain(name), plain(model)
	for rest := name; ; {
		i := strings.Index(rest, model)
		if i < 0 {
			return false
		}
		after := rest[i+len(model):]
		before := rest[:i]
		if !continues(after, true) && !continues(before, false) {
			return true
		}
		rest = after
	}
}

// continues tells whether a word goes on at the near end of text.
func continues(text string, ahead bool) bool {
	r := []rune(text)
	if len(r) == 0 {
		return false
	}
	near := r[0]
	if !ahead {
		near = r[len(r)-1]
	}
	return unicode.IsLetter(near) || unicode.IsDigit(near)
}

func plain(name string) string { return strings.ToUpper(strings.TrimSpace(name)) }
