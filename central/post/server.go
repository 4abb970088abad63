package post

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"github.com/wneessen/go-mail"
)

// client makes the way to a mail server from its URL:
//
//	smtp://name:password@mail.example:587   STARTTLS, which must succeed
//	smtps://name:password@mail.example      TLS from the first byte
//	smtp://127.0.0.1:25?starttls=no         no TLS, to this machine only
//
// No error shows the URL: there may be a password in it.
func client(text string, authorities []byte) (*mail.Client, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") || (u.Path != "" && u.Path != "/") {
		return nil, errors.New("the mail server's URL: want one like smtp://name:password@mail.example:587 or smtps://mail.example")
	}
	query := u.Query()
	clear := query.Get("starttls") == "no"
	query.Del("starttls")
	if len(query) > 0 || (!clear && u.Query().Has("starttls")) || (clear && u.Scheme == "smtps") {
		return nil, errors.New("the mail server's URL: the only thing after ? is starttls=no, with smtp://")
	}
	host := u.Hostname()
	name := u.User.Username()
	if clear && (!isLoopback(host) || name != "") {
		return nil, errors.New("the mail server's URL: starttls=no is for a server on this machine, without a password")
	}
	secure := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if len(authorities) > 0 {
		secure.RootCAs = x509.NewCertPool()
		if !secure.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, errors.New("the file of the mail server's authority holds no certificate in PEM")
		}
	}
	port := 587
	o := []mail.Option{mail.WithTimeout(sendTime), mail.WithTLSConfig(secure), mail.WithTLSPolicy(mail.TLSMandatory)}
	switch {
	case clear:
		port, o = 25, append(o, mail.WithTLSPolicy(mail.NoTLS))
	case u.Scheme == "smtps":
		port, o = 465, append(o, mail.WithSSL())
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("the mail server's URL: the port is not a number")
		}
	}
	o = append(o, mail.WithPort(port))
	if name != "" {
		password, _ := u.User.Password()
		o = append(o, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(name), mail.WithPassword(password))
	}
	c, err := mail.NewClient(host, o...)
	if err != nil {
		return nil, fmt.Errorf("the mail server: %w", err)
	}
	return c, nil
}

func isLoopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }
