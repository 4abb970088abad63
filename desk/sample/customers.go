package sample

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"gatehouse/desk/account"
	"gatehouse/ledger"
)

// town makes the customers, each from its place alone, so that a million need no
// more memory than one.
type town struct {
	today ledger.Date
	count int
}

func (t town) customers() iter.Seq[account.Customer] {
	words := newWords()
	return func(yield func(account.Customer) bool) {
		for place := range t.count {
			if !yield(t.customer(words, place)) {
				return
			}
		}
	}
}

// number is the account of a place: six digits and their check digit by mod 10.
// Numbers begin at 01-0000 unless all of them are needed.
func number(place, count int) account.No {
	const first = 10_000
	if count <= MaxCustomers-first {
		place += first
	}
	sum := 0
	for i, n := 0, place; i < 6; i, n = i+1, n/10 {
		d := n % 10
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return account.No(fmt.Sprintf("%02d-%04d-%d", place/10_000, place%10_000, (10-sum%10)%10))
}

func (t town) customer(w words, place int) account.Customer {
	r := rand.New(rand.NewPCG(uint64(place), 7))
	c := account.Customer{
		No:      number(place, t.count),
		Name:    w.name(r),
		Service: w.address(r),
		Phone:   fmt.Sprintf("(555) %d-%04d", 201+r.IntN(600), r.IntN(10_000)),
		Meter:   fmt.Sprintf("%08d", 20_000_000+place*37+r.IntN(37)),
	}
	t.owe(&c, r, place%20)
	if place%20 == 18 {
		c.Name = w.company(r)
	}
	return c
}

// owe gives the customer the state that its number stands for; see the package's
// words.
func (t town) owe(c *account.Customer, r *rand.Rand, state int) {
	bill := func() ledger.Cents { return ledger.Cents(2_800 + r.IntN(16_000)) }
	c.Current, c.DueBy = bill(), t.day(4+r.IntN(20))
	switch state {
	case 9, 10, 11:
		t.fallBehind(c, r, bill())
	case 12, 17:
		c.Current, c.DueBy = 0, 0
	case 13:
		c.Current, c.DueBy = -ledger.Cents(500+r.IntN(9_000)), 0
	case 14:
		t.fallBehind(c, r, bill())
		c.NoChecksUntil = t.day(120 + r.IntN(200))
		c.Note = "two checks returned"
	case 15:
		t.fallBehind(c, r, bill().Plus(bill()))
		c.ShutOff = t.day(1 + r.IntN(9))
	case 16:
		c.DueBy = t.day(-5)
	case 18:
		c.Current = ledger.Cents(120_000 + r.IntN(900_000))
		c.Note = "irrigation"
	case 19:
		c.DueBy = t.today
	}
	c.Closed = state == 16 || state == 17
}

// fallBehind makes a customer late by one or two bills, with a penalty of a tenth
// of what is past due.
func (t town) fallBehind(c *account.Customer, r *rand.Rand, due ledger.Cents) {
	c.PastDue, c.Penalties = due, due/10
	c.LateSince = t.day(-20 - r.IntN(70))
}

// day is so many days from today.
func (t town) day(after int) ledger.Date {
	return ledger.DateOf(t.today.Time().AddDate(0, 0, after))
}

// words are what names and addresses are made of.
type words struct{ first, last, street, kind, business []string }

func newWords() words {
	return words{strings.Fields(firstNames), strings.Fields(lastNames), strings.Fields(streets), strings.Fields(kinds), strings.Fields(businesses)}
}

// common picks from a list, the earlier the more often, about as names spread.
func common(r *rand.Rand, from []string) string {
	n := r.IntN(len(from)) * r.IntN(len(from)) / len(from)
	return from[n]
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func (w words) name(r *rand.Rand) string {
	last := common(r, w.last)
	if r.IntN(12) == 0 {
		last += "-" + pick(r, w.last)
	}
	name := last + ", " + common(r, w.first)
	if r.IntN(3) == 0 {
		name += " " + string(rune('A'+r.IntN(26)))
	}
	return strings.ToUpper(name)
}

func (w words) company(r *rand.Rand) string {
	return strings.ToUpper(strings.ReplaceAll(pick(r, w.street)+" "+pick(r, w.business), "_", " "))
}

func (w words) address(r *rand.Rand) string {
	address := fmt.Sprintf("%d %s %s", 100+r.IntN(9_800), strings.ReplaceAll(common(r, w.street), "_", " "), common(r, w.kind))
	if r.IntN(9) == 0 {
		address += fmt.Sprintf(" Apt %d", 1+r.IntN(40))
	}
	return address
}

const (
	firstNames = `María James Linda José Patricia Robert Guadalupe Michael Mary John Jennifer David Elizabeth
William Barbara Carlos Susan Richard Jessica Joseph Sarah Thomas Karen Juan Nancy Charles Lisa Luis Betty
Christopher Margaret Daniel Sandra Matthew Ashley Anthony Dorothy Mark Kimberly Donald Emily Steven Donna
Miguel Michelle Paul Carol Andrew Amanda Joshua Melissa Kenneth Deborah Kevin Stephanie Brian Rebecca Jesús
Laura George Sharon Edward Cynthia Ronald Kathleen Timothy Amy Jason Angela Jeffrey Shirley Ryan Anna Jacob
Brenda Gary Pamela Nicholas Emma Eric Nicole Jonathan Helen Stephen Samantha Larry Katherine Justin Christine
Scott Debra Brandon Rachel Benjamin Carolyn Samuel Janet Gregory Catherine Frank Heather Alexander Diane
Raymond Olivia Patrick Julie Jack Joyce Dennis Victoria Jerry Ruth Tyler Virginia Aarón Lauren Henry Kelly
Łukasz Zoë Thuy Minh Anh Priya Rajesh Mei Wei Yuki Olga Ivan Fatima Omar Björn Siobhán`
	lastNames = `García Smith Johnson Martínez Rodríguez López Hernández González Williams Brown Jones Nguyen
Miller Davis Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Pérez Thompson White Harris Sánchez Clark
Ramírez Lewis Robinson Walker Young Allen King Wright Scott Torres Hill Flores Green Adams Nelson Baker Hall
Rivera Campbell Mitchell Carter Roberts Gómez Phillips Evans Turner Díaz Parker Cruz Edwards Collins Reyes
Stewart Morris Morales Murphy Cook Rogers Gutiérrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos
Kim Cox Ward Richardson Watson Brooks Chávez Wood James Bennett Gray Mendoza Ruiz Hughes Price Álvarez Castillo
Sanders Patel Myers Long Ross Foster Jiménez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Barnes
Fisher Vásquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West
Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison
Fernández McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzmán Burns Crawford
Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Muñoz Hunt Hicks Holmes Palmer Wagner
Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt Garza Daniels Ferguson Nichols
Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold Pierce Hansen Peters Santos
Hart Bradley Knight Elliott Cunningham Duncan Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado
Berry Perkins Hoffman Johnston Matthews Peña Richards Contreras Willis Carpenter Lawrence Sandoval Nowak O'Brien`
	streets = `Oak Mill_Race Alder Main Maple Cedar Creek River Park Elm Walnut Willow Lake Church Sycamore Orchard
Spring Hill Valley Sunset Prospect Chestnut Meadow Vineyard Canal Bridge Depot School Juniper Laurel Magnolia
Manzanita Madrone Bay Fern Heron Quail Egret Foothill Ridge Summit Terrace Garden Grove Poplar Birch Dogwood
Redwood Cypress Larkspur Poppy Lupine Sage Buckeye Pioneer Mission Railroad Granite Quarry Levee Weir Sluice
First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Washington Lincoln Jefferson Adams Madison`
	kinds      = `St Ave Dr Rd Ln Ct Way Blvd Cir Pl Ter`
	businesses = `Gardens_Homeowners_Association Dairy Mobile_Home_Park Elementary_School Laundry Nursery
Apartments_LLC Car_Wash Vineyards_Inc Community_Church Medical_Center Cemetery_District Golf_Club Cannery`
)
