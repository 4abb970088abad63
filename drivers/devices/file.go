package devices

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"
)

const maxFile = 64 << 10 // bytes

// Load reads and checks the file at path. Where there is none the error is
// os.ErrNotExist.
func Load(path string) (Devices, error) {
	f, err := os.Open(path)
	if err != nil {
		return Devices{}, fmt.Errorf("read the devices: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return Devices{}, fmt.Errorf("read the devices: %w", err)
	}
	d, err := Parse(text)
	if err != nil {
		return Devices{}, fmt.Errorf("read the devices %s: %w", path, err)
	}
	return d, nil
}

// Parse reads and checks what a file says. A word it does not know is an error:
// a misspelt port must not be a device that is not there. Errors name the line.
func Parse(text []byte) (Devices, error) {
	var d Devices
	if len(text) > maxFile {
		return d, fmt.Errorf("it is longer than %d bytes", maxFile)
	}
	decoder := toml.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return Devices{}, inWords(err)
	}
	if wrong := d.check(); wrong != nil {
		return Devices{}, wrong.at(text)
	}
	return d, nil
}

// inWords says where the file cannot be read, and how it looks there.
func inWords(err error) error {
	var strict *toml.StrictMissingError
	var decode *toml.DecodeError
	switch {
	case errors.As(err, &strict) && len(strict.Errors) > 0:
		row, _ := strict.Errors[0].Position()
		return fmt.Errorf("line %d: there is no setting of this name; mend the spelling or take it out:\n%s", row, strict.String())
	case errors.As(err, &decode):
		row, _ := decode.Position()
		return fmt.Errorf("line %d: %v; mend it:\n%s", row, decode, decode.String())
	}
	return err
}

const head = `# Which device of this station is where. The station's set-up writes this file and
# keeps no remarks of yours; whoever writes it by hand starts the station again.

`

// Write checks the devices and puts them into the file at path, whole or not at
// all: a station whose power fails meanwhile finds the old file.
func Write(path string, d Devices) error {
	if wrong := d.check(); wrong != nil {
		return fmt.Errorf("write the devices: %w", wrong)
	}
	body, err := toml.Marshal(d)
	if err != nil {
		return fmt.Errorf("write the devices: %w", err)
	}
	if err := replace(path, append([]byte(head), body...)); err != nil {
		return fmt.Errorf("write the devices %s: %w", path, err)
	}
	return nil
}

func replace(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".devices-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()           // it is thrown away
			_ = os.Remove(f.Name()) // a leftover harms nobody
		}
	}()
	if _, err = f.Write(text); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
