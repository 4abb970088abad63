package storetest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a private PostgreSQL, reached by a socket in its own folder only. It
// runs as a user who is not root, since PostgreSQL refuses to be root.
type Server struct {
	folder  string // of data, socket and log
	port    int    // names the socket, nothing else
	bin     string
	as      *syscall.Credential // nil: as who we are
	running *exec.Cmd
	made    atomic.Int64 // databases
}

// StartPostgres starts a server from the system's package and ends it with the
// test.
func StartPostgres(t testing.TB) *Server {
	t.Helper()
	s := newServer(t)
	s.run(t, "initdb", "-D", s.data(), "-U", "gatehouse", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	s.Set(t, "listen_addresses = ''", "unix_socket_directories = '"+s.folder+"'", "shared_buffers = 512MB",
		"max_connections = 60", "max_wal_senders = 4", "wal_level = replica", "max_wal_size = 2GB")
	s.start(t)
	return s
}

func newServer(t testing.TB) *Server {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	must(t, err)
	if len(found) == 0 {
		t.Fatal("there is no PostgreSQL: install the package postgresql")
	}
	slices.Sort(found)
	// The path of a socket may have about a hundred bytes, so not below TempDir.
	folder, err := os.MkdirTemp("", "gatehouse-pg-")
	must(t, err)
	s := &Server{folder: folder, port: 5432, bin: filepath.Dir(found[len(found)-1])}
	t.Cleanup(func() {
		if s.running != nil {
			s.Kill(t)
		}
		os.RemoveAll(folder)
	})
	if os.Geteuid() == 0 {
		nobody, err := user.Lookup("nobody")
		must(t, err)
		uid, err := strconv.Atoi(nobody.Uid)
		must(t, err)
		gid, err := strconv.Atoi(nobody.Gid)
		must(t, err)
		must(t, os.Chown(folder, uid, gid))
		s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid), NoSetGroups: true}
	}
	return s
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.folder
	cmd.Env = []string{"PATH=" + s.bin + ":/usr/bin:/bin", "HOME=" + s.folder, "LANG=C.UTF-8", "PGHOST=" + s.folder}
	// The server dies with the test, however the test dies.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Pdeathsig: syscall.SIGKILL}
	return cmd
}

func (s *Server) run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := s.command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// Set adds lines to the settings; they count from the next start or Reload.
func (s *Server) Set(t testing.TB, lines ...string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteString(strings.Join(lines, "\n") + "\n")
	must(t, err)
	must(t, f.Close())
}

// Reload has the running server read its settings.
func (s *Server) Reload(t testing.TB) {
	t.Helper()
	must(t, s.running.Process.Signal(syscall.SIGHUP))
}

func (s *Server) start(t testing.TB) {
	t.Helper()
	cmd := s.command("postgres", "-D", s.data(), "-p", strconv.Itoa(s.port))
	log, err := os.Create(filepath.Join(s.folder, "log"))
	must(t, err)
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	must(t, cmd.Start())
	s.running = cmd
	s.await(t, "SELECT 1", 30*time.Second)
}

// await asks until the answer is true, or 1.
func (s *Server) await(t testing.TB, query string, most time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if s.yes(ctx, query) {
			return
		}
		select {
		case <-ctx.Done():
			said, _ := fs.ReadFile(os.DirFS(s.folder), "log")
			t.Fatalf("PostgreSQL does not come to %q:\n%s", query, said)
		case <-tick.C:
		}
	}
}

func (s *Server) yes(ctx context.Context, query string) bool {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return false
	}
	defer conn.Close(ctx)
	var yes bool
	return conn.QueryRow(ctx, "SELECT ("+query+")::int::boolean").Scan(&yes) == nil && yes
}

func (s *Server) url(database string) string {
	return fmt.Sprintf("postgres:///%s?user=gatehouse&host=%s&port=%d", database, s.folder, s.port)
}

// Database makes an empty database and returns its URL.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("central%d", s.made.Add(1))
	s.Exec(t, "CREATE DATABASE "+name)
	return s.url(name)
}

// Exec runs a statement in the server's own database.
func (s *Server) Exec(t testing.TB, statement string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.url("postgres"))
	must(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(context.Background(), statement)
	must(t, err)
}

// Kill ends the server as a power cut does.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	// All of its processes: a session goes on for a moment after its parent died.
	running := s.running
	s.running = nil
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", running.Process.Pid, running.Process.Pid))
	must(t, running.Process.Kill())
	for _, pid := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(pid); err == nil {
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
	running.Wait()
}

// Standby makes a copy of the server that follows it, and that every commit waits
// for from now on.
func (s *Server) Standby(t testing.TB) *Server {
	t.Helper()
	other := newServer(t)
	other.port = s.port + 1
	s.run(t, "pg_basebackup", "-D", filepath.Join(s.folder, "copy"), "-R", "-X", "stream", "-c", "fast",
		"-d", fmt.Sprintf("user=gatehouse host=%s port=%d application_name=standby", s.folder, s.port))
	must(t, os.Rename(filepath.Join(s.folder, "copy"), other.data()))
	other.Set(t, "unix_socket_directories = '"+other.folder+"'")
	other.start(t)
	s.Set(t, "synchronous_standby_names = 'FIRST 1 (standby)'")
	s.Reload(t)
	s.await(t, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", 30*time.Second)
	return other
}

// Promote makes a standby the server that takes writes.
func (s *Server) Promote(t testing.TB) {
	t.Helper()
	// Nobody follows it now, so it waits for nobody.
	s.Set(t, "synchronous_standby_names = ''")
	s.run(t, "pg_ctl", "promote", "-D", s.data(), "-w")
}

// Either is a URL of a database that finds whichever of the two servers takes
// writes.
func (s *Server) Either(other *Server, url string) string {
	name := strings.TrimPrefix(url[:strings.Index(url, "?")], "postgres:///")
	return fmt.Sprintf("postgres:///%s?user=gatehouse&host=%s,%s&port=%d,%d&target_session_attrs=read-write&connect_timeout=2",
		name, s.folder, other.folder, s.port, other.port)
}
