package directory_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"gatehouse/desk/account/directory"
)

// town makes customers of a made-up utility in the south of the United States, the
// same ones for the same seed: a few names that thousands share and many that
// hardly anybody has, 600 streets, three area codes with a hundred exchanges.
type town struct {
	rnd      *rand.Rand
	surnames []string
	streets  []string
}

func newTown(seed uint64) *town {
	t := &town{rnd: rand.New(rand.NewPCG(seed, 2))}
	t.surnames = strings.Fields(commonSurnames)
	for len(t.surnames) < 30_000 {
		t.surnames = append(t.surnames, t.rareSurname())
	}
	for _, first := range strings.Fields(streetFirst) {
		for _, second := range strings.Fields(streetSecond) {
			t.streets = append(t.streets, strings.ReplaceAll(strings.TrimSuffix(first+" "+second, " -"), "_", " "))
		}
	}
	t.rnd.Shuffle(len(t.streets), func(i, j int) { t.streets[i], t.streets[j] = t.streets[j], t.streets[i] })
	for i := 1; len(t.streets) < 600; i++ {
		t.streets = append(t.streets, fmt.Sprintf("%dth", i+3))
	}
	return t
}

const (
	commonSurnames = `García Rodriguez Martinez Hernandez Lopez Gonzalez Smith Johnson Williams Brown Jones
Perez Sanchez Ramirez Torres Flores Rivera Gomez Diaz Reyes Cruz Morales Ortiz Gutierrez Davis Miller Wilson
Anderson Thomas Taylor Moore Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen
King Wright Scott Hill Green Adams Nelson Baker Hall Campbell Mitchell Carter Roberts Chavez Ramos Mendoza Ruiz
Alvarez Castillo Vasquez Jimenez Moreno Romero Herrera Medina Aguilar Garza Vargas Castro Guzmán Muñoz Salazar
Soto Delgado Peña Ríos Vega Guerrero Estrada Sandoval Ortega Núñez Maldonado Contreras O'Brien Santos Nguyen
Tran Kim Patel Cooper Reed Bailey Bell Murphy Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray
James Hughes Price Myers Long Foster Sanders Ross Powell Sullivan Russell Jenkins Perry Butler Barnes Fisher
Garcia-Lopez Smith-Jones McDonald Zamora Quintanilla Ybarra Villarreal Treviño Zepeda`
	firstNames = `Maria Jose Juan James Michael Robert John David William Richard Mary Patricia Jennifer Linda
Elizabeth Carlos Luis Miguel Jesus Antonio Francisco Guadalupe Rosa Ana Carmen Juana Teresa Martha Sandra Daniel
Matthew Anthony Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Karen
Nancy Lisa Betty Margaret Ashley Kimberly Emily Donna Michelle Carol Amanda Dorothy Melissa Deborah Stephanie
Rebecca Sharon Laura Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela Emma Nicole Helen Jorge Pedro Manuel
Alejandro Ricardo Eduardo Fernando Sergio Roberto Raúl Óscar Javier Rafael Ramón Héctor Arturo Alfredo Yolanda
Verónica Silvia Irma Leticia Alicia Gloria Beatriz Esperanza Dolores Graciela Zoe Xavier Quentin Ursula Ingrid`
	streetFirst = `Oak Elm Maple Cedar Pecan Mesquite Willow Walnut Pine Magnolia Main Church Park Lake River
Spring Sunset Washington Jefferson Lincoln Jackson Franklin Houston Austin Travis Bowie Crockett San_Pedro
San_Antonio Del_Rio Alamo Palm`
	streetSecond   = `- Hill Creek Grove Ridge Valley Bend Hollow Meadow Crossing Trace Springs Run Point View Glen Terrace Oaks`
	streetSuffixes = `St Ave Dr Ln Rd Blvd Ct Cir Way Pl`
	syllables      = `ba be bi bo bu ca ce co da de di do fa fe fi ga go gu ha he ho ka ke ki ko la le li lo
ma me mi mo na ne ni no pa pe po ra re ri ro sa se si so ta te ti to va ve vi vo wa we wi ya yo za zo`
	endings = `ck n r s th ll son man ski ez dt ton well by nd x`
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// common picks from a list the more often the earlier: about as names spread.
func common(r *rand.Rand, from []string) string {
	u := r.Float64()
	return from[int(float64(len(from))*u*u*u)]
}

func (t *town) rareSurname() string {
	s := ""
	for range 2 + t.rnd.IntN(2) {
		s += pick(t.rnd, strings.Fields(syllables))
	}
	s += pick(t.rnd, strings.Fields(endings))
	return strings.ToUpper(s[:1]) + s[1:]
}

func (t *town) surname() string {
	if t.rnd.IntN(100) < 70 {
		return common(t.rnd, t.surnames[:140])
	}
	return common(t.rnd, t.surnames)
}

func (t *town) name(first []string) string {
	switch n := t.rnd.IntN(100); {
	case n < 4:
		return t.surname() + " " + pick(t.rnd, []string{"Plumbing LLC", "Properties Inc", "Tire & Auto", "Café", "& Sons", "Dental Group"})
	case n < 60:
		return fmt.Sprintf("%s, %s %c", t.surname(), common(t.rnd, first), 'A'+rune(t.rnd.IntN(26)))
	case n < 75:
		return fmt.Sprintf("%s %s, %s", t.surname(), t.surname(), common(t.rnd, first))
	default:
		return fmt.Sprintf("%s, %s", t.surname(), common(t.rnd, first))
	}
}

func (t *town) address(suffixes []string) string {
	number := 100 + t.rnd.IntN(9900)
	if t.rnd.IntN(3) == 0 {
		number = 1 + t.rnd.IntN(1500)
	}
	a := fmt.Sprintf("%d ", number)
	if t.rnd.IntN(4) == 0 {
		a += pick(t.rnd, []string{"N", "S", "E", "W"}) + " "
	}
	a += common(t.rnd, t.streets) + " " + common(t.rnd, suffixes)
	if t.rnd.IntN(6) == 0 {
		a += fmt.Sprintf(" Apt %d", 1+t.rnd.IntN(240))
	}
	return a + pick(t.rnd, []string{", Rio Verde 78539", ", Rio Verde 78540", ", Rio Verde 78541", ", San Bruno 78572"})
}

func (t *town) phone() string {
	area := []string{"956", "956", "956", "210", "361"}[t.rnd.IntN(5)]
	return fmt.Sprintf("(%s) %d-%04d", area, 220+t.rnd.IntN(100)*7, t.rnd.IntN(10_000))
}

func (t *town) meter() string {
	if t.rnd.IntN(3) == 0 {
		return fmt.Sprintf("N%08d", t.rnd.IntN(100_000_000))
	}
	return fmt.Sprintf("%08d", 20_000_000+t.rnd.IntN(60_000_000))
}

// customers gives count of them, at most 1,000,000, in the order of their accounts.
func (t *town) customers(count int) iter.Seq[directory.Item] {
	first, suffixes := strings.Fields(firstNames), strings.Fields(streetSuffixes)
	return func(yield func(directory.Item) bool) {
		for i := range count {
			key := fmt.Sprintf("%02d-%04d-%d", i/10_000, i%10_000, (i*7+i/10)%10)
			name := t.name(first)
			texts := []string{name, t.address(suffixes), key, t.phone(), t.meter()}
			if !yield(directory.Item{Key: key, Name: name, Texts: texts}) {
				return
			}
		}
	}
}
