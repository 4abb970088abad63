package news_test

import (
	"slices"
	"testing"

	"gatehouse/paper/news"
)

func TestTheNewestStateIsHeard(t *testing.T) {
	var b news.Board[int]
	heard, end := b.Subscribe(1)
	if got := <-heard; got != 1 {
		t.Errorf("the first word is %d, want the present state", got)
	}
	for n := range 5 {
		b.Tell(n)
	}
	if got := <-heard; got != 4 {
		t.Errorf("a slow reader hears %d, want the newest", got)
	}
	end()
	end()
	b.Tell(9)
	if _, open := <-heard; open {
		t.Error("a subscription that was ended still hears")
	}
}

func TestACloseEndsEverySubscription(t *testing.T) {
	var b news.Board[string]
	first, end := b.Subscribe("open")
	b.Close()
	var all []string
	for s := range first {
		all = append(all, s)
	}
	if !slices.Equal(all, []string{"open"}) {
		t.Errorf("heard %q", all)
	}
	end()
	late, _ := b.Subscribe("late")
	if s, open := <-late; open {
		t.Errorf("a closed board said %q", s)
	}
}
