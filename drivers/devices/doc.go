// Package devices says which device of a station is where.
//
// Devices are read from devices.toml in the station's own folder, which a
// person may write by hand and which the set-up of the station writes for them.
// A Port is the name of a place a device is plugged into: a serial line, a
// printer on the network, a printer on USB, the emulated printer, or none. A
// Frame is how many bits a character has on a serial line, and of what kind.
// The package only reads and checks; it opens no device.
package devices
