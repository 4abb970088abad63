package api

import (
	"context"
	"net/http"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Activities tells a log's station what others did after a mark: central/activity.
type Activities interface {
	Since(ctx context.Context, asker ledger.LogID, after string) (wire.Activity, error)
}

// Activity opens the path with which stations hear of payments at other stations. A
// station needs a token for it.
func (a *API) Activity(from Activities) {
	a.mux.HandleFunc("GET "+wire.PathActivity, func(w http.ResponseWriter, r *http.Request) {
		id, err := a.Authorize(r)
		var told wire.Activity
		if err == nil {
			told, err = from.Since(r.Context(), id, r.URL.Query().Get("after"))
		}
		var content []byte
		if err == nil {
			content, err = wire.PackActivity(told)
		}
		if err != nil {
			a.refuse(w, r, id, err)
			return
		}
		a.contacts.note(id, a.o.Clock())
		w.Header().Set("Content-Type", wire.ActivityType)
		if _, err := w.Write(content); err != nil {
			a.o.Log.Debug("an answer was cut off", "log", id, "err", err)
		}
	})
}
