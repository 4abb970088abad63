package visit

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gatehouse/desk/card"
	"gatehouse/ledger"
)

// CheckName tidies a visitor's name, or says why it is none. The kiosk asks the
// same before the page is left.
func CheckName(typed string) (string, error) {
	name, err := CheckText("name", typed)
	if err != nil {
		return "", err
	}
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return "", ledger.Refuse("visit.name_needed", "Please type your name.").At("name")
	}
	return name, nil
}

// CheckText tidies a line that a visitor typed, which may be empty: spaces at
// the ends go, several become one. Characters that print nothing or turn the
// line around are refused, since paper and lists would show something else than
// was typed.
func CheckText(field, typed string) (string, error) {
	text, err := tidy(typed, MaxName)
	switch {
	case errors.Is(err, errTooLong):
		return "", ledger.Refuse("visit.too_long", "At most {most} characters fit here.", "most", fmt.Sprint(MaxName)).At(field)
	case err != nil:
		return "", ledger.Refuse("visit.odd_characters", "Some characters cannot be printed. Use letters, digits and signs.").At(field)
	case card.In(text):
		return "", ledger.Refuse("visit.looks_like_a_card", "That looks like a card number. Never type one here.").At(field)
	}
	return text, nil
}

var (
	errTooLong = errors.New("too long")
	errOdd     = errors.New("characters that cannot be printed")
)

// tidy makes one line of at most most characters.
func tidy(typed string, most int) (string, error) {
	if len(typed) > 16*most {
		return "", errTooLong // before anything walks it
	}
	if !utf8.ValidString(typed) {
		return "", errOdd
	}
	for _, r := range typed {
		if r == utf8.RuneError || (!unicode.IsGraphic(r) && r != ' ') || unicode.Is(unicode.Co, r) {
			return "", errOdd
		}
	}
	text := strings.Join(strings.Fields(typed), " ")
	if utf8.RuneCountInString(text) > most {
		return "", errTooLong
	}
	return text, nil
}
