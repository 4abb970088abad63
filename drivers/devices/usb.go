package devices

import (
	"context"
	"fmt"
	"os"

	"gatehouse/drivers/link"
)

// usbDialer opens a printer that the system shows as a file (usblp on Linux).
func usbDialer(path string) link.Dialer {
	return link.DialFunc(func(ctx context.Context) (link.Port, error) {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return nil, fmt.Errorf("open the USB printer: %w", err)
		}
		return link.Stream(f), nil
	})
}
