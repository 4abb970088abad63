package card_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"gatehouse/desk/card"
)

// Numbers in the networks' ranges, made for trying terminals out.
var numbers = map[string]string{
	"Visa":                 "4111111111111111",
	"Visa, 13 digits":      "4222222222222",
	"Visa, 19 digits":      "4000000000000000006",
	"Mastercard":           "5555555555554444",
	"Mastercard, 2 series": "2223003122003222",
	"Mastercard, 2720":     "2720992593319364",
	"American Express":     "378282246310005",
	"American Express, 34": "341111111111111",
	"Diners Club, 14":      "30569309025904",
	"Diners Club, 36":      "36227206271667",
	"JCB":                  "3530111333300000",
	"Discover":             "6011111111111117",
	"Discover, 65":         "6500000000000002",
	"UnionPay":             "6240008631401148",
	"Maestro":              "6759649826438453",
	"Maestro, 50":          "5018000000000009",
	"Maestro, 19 digits":   "6304000000000000000",
	"Mastercard, 54":       "5400000000000005",
	"Visa Electron":        "4917300800000000",
	"RuPay":                "6074820000000009",
	"Discover, 6011":       "6011000990139424",
}

func TestEveryNetworksNumbersAreFound(t *testing.T) {
	for network, number := range numbers {
		t.Run(network, func(t *testing.T) {
			for _, text := range []string{
				number, " " + number + " ", "ref " + number, number + ".", "card:" + number + ",thanks",
				"(" + number + ")", "a" + number + "b", number + "\n", "$20 on " + number + " 12/28 123",
				"2 checks and " + number, "20 " + number + " 1228",
			} {
				if !card.In(text) {
					t.Errorf("not found in %q", text)
				}
			}
			if wrong := number[:len(number)-1] + string('0'+(number[len(number)-1]-'0'+1)%10); card.In(wrong) {
				t.Errorf("%s has a wrong check digit and was taken for a card", wrong)
			}
		})
	}
}

func TestHoweverItIsTyped(t *testing.T) {
	for _, text := range []string{
		"4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111", "4111  1111  1111  1111",
		"4111 - 1111 - 1111 - 1111", "4111\t1111\t1111\t1111", "4111\u00a01111\u00a01111\u00a01111",
		"4111\u20131111\u20131111\u20131111", "41111111 11111111", "4111 1111 1111 1111 12/28",
		"4111 1111 1111 1111 1228 123", "12 4111 1111 1111 1111", "7 7 4111111111111111",
		"4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "3782 822463 10005", "3056 930902 5904", "4222 2222 2222 2",
		"4000 0000 0000 0000 006", "555-0142 4111 1111 1111 1111 555-0177",
		"４１１１ １１１１ １１１１ １１１１", "٤١١١١١١١١١١١١١١١", "४१११ ११११ ११११ ११११",
		"first 1234, then 4111 1111 1111 1111", strings.Repeat("1 ", 500) + "4111111111111111",
	} {
		if !card.In(text) {
			t.Errorf("not found in %q", text)
		}
	}
}

func TestWhatIsNoCard(t *testing.T) {
	for what, text := range map[string]string{
		"nothing":                      "",
		"words":                        "wrong account, customer changed their mind",
		"account number":               "01-2345-6",
		"two accounts":                 "01-2345-6 and 02-0031-9",
		"two accounts, only a comma":   "01-2345-6, 02-0031-9",
		"meter number":                 "88120034",
		"phone":                        "(555) 010-0142",
		"phone, other form":            "1-555-010-0142",
		"two phones":                   "555-010-0142 555-010-0177",
		"bill line of 25 digits":       "0123456000018820261130004",
		"bill line that a card begins": "4111111111111111000018820",
		"bill line, 23 digits":         "01234560000188202611304",
		"receipt number":               "A1-000123-K7QX",
		"terminal's reference":         "RRN 412345678901",
		"date and time":                "2026-11-23 08:52:41",
		"amounts":                      "1,204.11 and 188.20",
		"12 digits that pass Luhn":     "411111111117",
		"20 digits that pass Luhn":     "41111111111111111115",
		"no issuer begins with 1":      "1111111111111117",
		"no issuer begins with 9":      "9111111111111110",
		"below Mastercard's 2 series":  "2220000000000000",
		"above Mastercard's 2 series":  "2721000000000004",
		"zeros":                        "0000000000000000",
		"too far apart":                "4111      1111      1111      1111",
		"parted by words":              "4111 of 1111 of 1111 of 1111",
	} {
		if card.In(text) {
			t.Errorf("%s: %q was taken for a card number", what, text)
		}
	}
}

// number draws a card number of any length with a right check digit.
func number(t *rapid.T) string {
	n := rapid.IntRange(13, 19).Draw(t, "length")
	digits := []byte(rapid.SampledFrom([]string{"4", "51", "55", "34", "37", "36", "30", "35", "6011", "62", "65", "50", "58", "2221", "2500", "2720"}).Draw(t, "prefix"))
	for len(digits) < n-1 {
		digits = append(digits, byte('0'+rapid.IntRange(0, 9).Draw(t, "digit")))
	}
	for check := byte('0'); ; check++ {
		if luhn(string(digits) + string(check)) {
			return string(digits) + string(check)
		}
	}
}

// luhn is written from the standard's words, another way than the package's.
func luhn(digits string) bool {
	doubled := [10]int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}
	sum, double := 0, false
	for i := len(digits) - 1; i >= 0; i-- {
		d := int(digits[i] - '0')
		if double {
			d = doubled[d]
		}
		sum, double = sum+d, !double
	}
	return sum%10 == 0
}

func TestAnyCardInAnySentence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := number(t)
		typed := ""
		for len(digits) > 0 { // groups of four or more, the last one of any size
			size := min(rapid.IntRange(4, 8).Draw(t, "group"), len(digits))
			if typed != "" {
				typed += rapid.SampledFrom([]string{" ", "-", ".", "  ", " - ", "\u00a0"}).Draw(t, "separator")
			}
			typed, digits = typed+digits[:size], digits[size:]
		}
		words := rapid.StringOfN(rapid.RuneFrom(nil, unicode.Letter, unicode.Punct), 0, 12, -1)
		text := words.Draw(t, "before") + "x" + typed + "x" + words.Draw(t, "after")
		if !card.In(text) {
			t.Fatalf("not found in %q", text)
		}
	})
}

func TestAShortTextHasNoCard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789 -.")), 0, 12, -1).Draw(t, "text")
		if card.In(text) {
			t.Fatalf("%q has fewer than 13 digits", text)
		}
	})
}

func FuzzIn(f *testing.F) {
	for _, n := range numbers {
		f.Add(n, 4)
	}
	f.Add("0123456000018820261130004", 3)
	f.Add("４１١١", 0)
	f.Add("\xff4111\xfe", 1)
	f.Fuzz(func(t *testing.T, text string, at int) {
		found := card.In(text)
		// What stands around a card in words of its own does not hide it.
		if !card.In(text+" is the card 4111 1111 1111 1111 of "+text) || (found && !card.In("card "+text+" card")) {
			t.Errorf("hidden by %q", text)
		}
		if found && strings.IndexFunc(text, unicode.IsDigit) < 0 {
			t.Errorf("a card without digits in %q", text)
		}
	})
}
