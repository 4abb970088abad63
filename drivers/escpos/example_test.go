package escpos_test

import (
	"fmt"

	"gatehouse/drivers/escpos"
)

func ExamplePlainText() {
	d := new(escpos.Doc).Add(
		escpos.Text{S: "Millbrook Water", Style: escpos.Style{Bold: true, Wide: true, Align: escpos.Center}},
		escpos.Rule{},
		escpos.Row{Cells: []escpos.Cell{
			{S: "Penalty on the bill of 1 October, third reminder"},
			{S: "$12.50", Align: escpos.Right},
		}},
		escpos.Pair("Total", "$12.50"),
		escpos.EndMark{Number: "A1-000123-K7QX"},
	)
	fmt.Print(escpos.PlainText(d, 32))
	// Output:
	//  Millbrook Water
	// ────────────────────────────────
	// Penalty on the bill of 1  $12.50
	// October, third reminder
	// Total                     $12.50
	//        END A1-000123-K7QX
}
