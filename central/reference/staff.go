package reference

import (
	"context"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/desk/staff"
)

// maxPeople bounds the people that Staff returns: as many as a station's roster has.
const maxPeople = 2000

// Staff returns the people in force, in the order of their ids; none before a version
// was published.
func (o *Office) Staff(ctx context.Context) (people []staff.Person, err error) {
	v, err := o.inForce(ctx, staff.Feed)
	if err != nil {
		return nil, err
	}
	for r, err := range o.chunks.Merge(v.Manifest, o.reader(ctx)) {
		if err != nil {
			return nil, fmt.Errorf("read the staff in force: %w", err)
		}
		if len(people) == maxPeople {
			return nil, fmt.Errorf("read the staff in force: more than %d people", maxPeople)
		}
		var p staff.Person
		if err := cbor.Unmarshal(r.Value, &p); err != nil {
			return nil, fmt.Errorf("read the staff in force: %s: %w", r.Key, err)
		}
		people = append(people, p)
	}
	return people, nil
}
