package exception

import (
	"slices"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
	"gatehouse/paper/spool"
)

// Known says whether this program reads entries of a kind.
func Known(kind ledger.Kind) bool { return slices.Contains(known(), kind) }

func known() []ledger.Kind {
	return []ledger.Kind{
		ledger.KindOpened, ledger.KindClock,
		cash.KindDrawerOpened, cash.KindPayment, cash.KindVoid, cash.KindReversal, cash.KindNoSale, cash.KindUnasked,
		cash.KindXReport, cash.KindSkim, cash.KindPaid, cash.KindChanged, cash.KindCounted, cash.KindSurprise,
		cash.KindDrawerClosed, cash.KindRefunded, cash.KindAdjusted, cash.KindReturned, cash.KindLargeCash, cash.KindSuspect,
		cash.KindCountBegun, cash.KindRotaDrawn, cash.KindRotaDue, cash.KindRotaListed,
		safe.KindCounted, safe.KindDeposit, safe.KindStatement, safe.KindMatched,
		staff.KindSignedIn, staff.KindSignedOut, staff.KindWrongPIN, staff.KindRightPIN, staff.KindRights,
		visit.KindTicket, visit.KindSignedIn, visit.KindSignedOut, visit.KindListPrinted,
		spool.KindOnDuty, spool.KindOffDuty, spool.KindSending, spool.KindPrinted, spool.KindNotStarted, spool.KindDoubtful,
		spool.KindResolved, spool.KindReprint, spool.KindReleased, spool.KindSkipped, spool.KindVoid, spool.KindVoided,
	}
}
