package ledger

// Waiting is how many requests wait for the writer.
func (b *Book) Waiting() int { return len(b.queue) }
