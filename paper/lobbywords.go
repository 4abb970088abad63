package paper

import "gatehouse/desk/visit"

// lobbyWords are what tickets and badges say besides what is in the entry.
//
// visitor and escorted are read from across a lobby: at most 16 columns, so that
// they fit the narrowest paper at double size. A Chinese or Korean character takes
// two.
type lobbyWords struct {
	number, wait, visitor, escorted, visits, valid, signOut string
}

// wordsIn are the words in a visitor's language; English where there are none.
// The printer draws those it has no letters for.
func wordsIn(l visit.Language) lobbyWords {
	switch l {
	case "es":
		return lobbyWords{number: "Su número", wait: "Espere hasta que se llame su número.",
			visitor: "VISITANTE", escorted: "SÓLO ACOMPAÑADO", visits: "Visita a", valid: "Válido sólo el",
			signOut: "Al salir, registre su salida con este número en la entrada."}
	case "zh":
		return lobbyWords{number: "您的号码", wait: "请等候叫到您的号码。",
			visitor: "访客", escorted: "须有人陪同", visits: "拜访", valid: "仅限当日有效",
			signOut: "离开时，请在入口处用此号码登记离开。"}
	case "tl":
		return lobbyWords{number: "Ang inyong numero", wait: "Mangyaring maghintay hanggang tawagin ang inyong numero.",
			visitor: "BISITA", escorted: "DAPAT MAY KASAMA", visits: "Bibisitahin", valid: "May bisa lamang sa",
			signOut: "Pag-alis ninyo, mag-sign out sa pasukan gamit ang numerong ito."}
	case "vi":
		return lobbyWords{number: "Số của quý vị", wait: "Vui lòng chờ đến khi số của quý vị được gọi.",
			visitor: "KHÁCH", escorted: "CẦN NGƯỜI ĐI KÈM", visits: "Đến gặp", valid: "Chỉ có giá trị ngày",
			signOut: "Khi ra về, vui lòng báo ra ở lối vào bằng số này."}
	case "ko":
		return lobbyWords{number: "대기 번호", wait: "번호가 불릴 때까지 기다려 주십시오.",
			visitor: "방문자", escorted: "동행 필수", visits: "방문처", valid: "당일만 유효",
			signOut: "나가실 때 입구에서 이 번호로 퇴실을 등록해 주십시오."}
	}
	return lobbyWords{number: "Your number", wait: "Please wait until your number is called.",
		visitor: "VISITOR", escorted: "ESCORT REQUIRED", visits: "Visiting", valid: "Valid only on",
		signOut: "When you leave, sign out at the entrance with this number."}
}
