package main

import "context"

func (d *theDay) check(ctx context.Context) error { return nil }
