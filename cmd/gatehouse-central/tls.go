package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"gatehouse/central/certificate"
)

// proof is how central proves itself to stations and browsers.
type proof struct {
	always    bool
	hosts     string
	cert, key string
	insecure  bool

	acmeHosts     string
	acmeDirectory string
	acmeCache     string
	acmeMail      string
	acmeCA        string
}

func (p *proof) flags(flags *flag.FlagSet) {
	flags.BoolVar(&p.always, "tls", false, "TLS on loopback too; on a network it is always on, unless --insecure-lan says otherwise")
	flags.StringVar(&p.hosts, "host", "", "`names` and addresses that stations use for central, commas between, for the certificate that central makes for itself. Stations that were given the pin need none")
	flags.StringVar(&p.cert, "tls-cert", "", "TLS certificate from somewhere else, PEM `file`; read again when it changes")
	flags.StringVar(&p.key, "tls-key", "", "key of the certificate, PEM `file`")
	flags.BoolVar(&p.insecure, "insecure-lan", false, "listen on a network without TLS: whoever is on it can read customers' names and payments")
	flags.StringVar(&p.acmeHosts, "acme-host", "", "`names` of central, commas between, to get a certificate for from an ACME service like Let's Encrypt; its terms of service are agreed to. The service must reach central at port 443 of each")
	flags.StringVar(&p.acmeDirectory, "acme-directory", acme.LetsEncryptURL, "`URL` of the directory of the ACME service")
	flags.StringVar(&p.acmeCache, "acme-cache", "", "`folder` for what the ACME service gave (acme in --data)")
	flags.StringVar(&p.acmeMail, "acme-mail", "", "`address` that the ACME service may write to")
	flags.StringVar(&p.acmeCA, "acme-ca", "", "PEM `file` of the authority of the ACME service's own address, for a private one")
}

func (p *proof) check() error {
	if (p.cert == "") != (p.key == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if p.cert != "" && p.acmeHosts != "" {
		return errors.New("--tls-cert and --acme-host: choose one")
	}
	if p.insecure && (p.always || p.cert != "" || p.acmeHosts != "") {
		return errors.New("--insecure-lan is for a central without TLS: leave one of them out")
	}
	return nil
}

// plain says whether central speaks without TLS at an address.
func (p *proof) plain(listen string) (bool, error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false, fmt.Errorf("--listen %q: want an address and a port, like 127.0.0.1:8750", listen)
	}
	asked := p.always || p.cert != "" || p.acmeHosts != ""
	return p.insecure || isLoopback(host) && !asked, nil
}

func isLoopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// tlsConfig is nil for a central without TLS. The pin of a certificate that central makes
// for itself goes into c.
func (m *Main) tlsConfig(c *config) (*tls.Config, error) {
	plain, err := c.proof.plain(c.listen)
	if err != nil || plain {
		return nil, err
	}
	t := &tls.Config{MinVersion: tls.VersionTLS13}
	switch {
	case c.proof.acmeHosts != "":
		manager, err := c.proof.manager(c.data)
		if err != nil {
			return nil, err
		}
		t.GetCertificate, t.NextProtos = manager.GetCertificate, []string{"h2", "http/1.1", acme.ALPNProto}
	case c.proof.cert != "":
		files, err := certificate.OpenFiles(c.proof.cert, c.proof.key, nil)
		if err != nil {
			return nil, err
		}
		t.GetCertificate = files.Get
	default:
		own, err := certificate.Open(certificate.Options{Folder: c.data, Names: c.names()})
		if err != nil {
			return nil, err
		}
		c.pin = own.Pin().String()
		m.Log.Info("stations trust central by this pin: --central-pin", "pin", c.pin)
		t.GetCertificate = own.Get
	}
	return t, nil
}

// names are what central's own certificate is for.
func (c config) names() []string {
	names := append(commas(c.proof.hosts), "localhost", "127.0.0.1", "::1")
	if host, _, err := net.SplitHostPort(c.listen); err == nil && !net.ParseIP(host).IsUnspecified() {
		names = append(names, host)
	}
	if name, err := os.Hostname(); err == nil {
		names = append(names, name)
	}
	return names
}

// commas splits a list of settings.
func commas(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// manager asks an ACME service for certificates.
func (p *proof) manager(data string) (*autocert.Manager, error) {
	cache := p.acmeCache
	if cache == "" {
		cache = filepath.Join(data, "acme")
	}
	client := &acme.Client{DirectoryURL: p.acmeDirectory, UserAgent: "gatehouse-central"}
	if p.acmeCA != "" {
		text, err := os.ReadFile(p.acmeCA)
		if err != nil {
			return nil, fmt.Errorf("--acme-ca: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("--acme-ca %s: no certificate in PEM", p.acmeCA)
		}
		client.HTTPClient = &http.Client{Timeout: time.Minute, Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: pool}}}
	}
	return &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(cache),
		HostPolicy: autocert.HostWhitelist(commas(p.acmeHosts)...), Email: p.acmeMail, Client: client}, nil
}
