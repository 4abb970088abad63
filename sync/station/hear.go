package station

import (
	"context"
	"errors"

	"gatehouse/sync/wire"
)

// hear asks what other stations took. A central that tells nothing of it is no trouble.
func (p *Puller) hear(ctx context.Context, s *source) error {
	if p.o.Hears == nil {
		return nil
	}
	if p.teller != s {
		p.teller, p.mark = s, "" // each has marks of its own
	}
	for more, left := true, wire.MaxPending; more && left > 0; {
		content, err := p.get(ctx, s, wire.ActivityPath(p.mark), "", wire.MaxActivity)
		if errors.Is(err, wire.ErrNoReference) {
			return nil
		}
		if err != nil {
			return err
		}
		told, err := wire.ReadActivity(content)
		if err != nil {
			return badAnswer(err)
		}
		if told.Anew || len(told.Payments) > 0 {
			p.o.Hears(told.Anew, told.Payments)
			p.change(func(s *PullState) { s.Heard++ })
		}
		p.mark, more = told.After, told.More
		left -= max(1, len(told.Payments))
	}
	return nil
}
