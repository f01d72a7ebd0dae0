/* Loaded before libc: the n-th call of a kind that touches a file below a folder is refused, whoever makes it
   (Python, SQLite, shutil). Armed and asked by ctypes from the process itself; see faulty.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE, RENAME, FSYNC, OPEN, MKDIR, UNLINK, LINK, CLOSE, LOOK, READ, SHORT };

static char below[PATH_MAX];
static int kind = -1, failure, lasting;
static long number, calls;

void faulty_arm(const char *folder, int of, long at, int error, int from_then_on) {
  snprintf(below, sizeof below, "%s/", folder);
  kind = of, number = at, failure = error, lasting = from_then_on, calls = 0;
}

long faulty_calls(void) { return calls; }

static int is_below(int dir, const char *path) {
  char full[PATH_MAX] = "", link[64];
  if (path && path[0] == '/') return !strncmp(path, below, strlen(below));
  if (dir < 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
  ssize_t size = readlink(link, full, sizeof full - 2);
  if (size < 0) return 0;
  full[size] = '/', full[size + 1] = 0;
  return !strncmp(full, below, strlen(below));
}

static int refused(int of, int dir, const char *path) {
  if (of != kind) return 0;
  int kept = errno, ours = is_below(dir, path);
  errno = kept;
  if (!ours) return 0;
  calls++;
  if (calls != number && !(lasting && calls > number)) return 0;
  errno = failure;
  return 1;
}

static int writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT; }

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define GUARD(of, dir, path) if (refused(of, dir, path)) return -1
#define MODE(flags) mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *p, int f, ...) { MODE(f); REAL(open); GUARD(writes(f) ? OPEN : LOOK, -1, p); return real(p, f, mode); }
int open64(const char *p, int f, ...) { MODE(f); REAL(open64); GUARD(writes(f) ? OPEN : LOOK, -1, p); return real(p, f, mode); }
int openat(int d, const char *p, int f, ...) { MODE(f); REAL(openat); GUARD(writes(f) ? OPEN : LOOK, d, p); return real(d, p, f, mode); }
int openat64(int d, const char *p, int f, ...) { MODE(f); REAL(openat64); GUARD(writes(f) ? OPEN : LOOK, d, p); return real(d, p, f, mode); }

static size_t less(int fd, size_t n) { int kept = errno; size_t m = n > 1 && refused(SHORT, fd, 0) ? n / 2 : n; errno = kept; return m; }
ssize_t write(int fd, const void *b, size_t n) { REAL(write); GUARD(WRITE, fd, 0); return real(fd, b, less(fd, n)); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { REAL(pwrite); GUARD(WRITE, fd, 0); return real(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { REAL(pwrite64); GUARD(WRITE, fd, 0); return real(fd, b, n, o); }
ssize_t sendfile(int o, int i, off_t *at, size_t n) { REAL(sendfile); GUARD(WRITE, o, 0); return real(o, i, at, n); }
ssize_t sendfile64(int o, int i, off64_t *at, size_t n) { REAL(sendfile64); GUARD(WRITE, o, 0); return real(o, i, at, n); }
int ftruncate(int fd, off_t n) { REAL(ftruncate); GUARD(WRITE, fd, 0); return real(fd, n); }
int ftruncate64(int fd, off64_t n) { REAL(ftruncate64); GUARD(WRITE, fd, 0); return real(fd, n); }

ssize_t read(int fd, void *b, size_t n) { REAL(read); GUARD(READ, fd, 0); return real(fd, b, n); }
ssize_t pread(int fd, void *b, size_t n, off_t o) { REAL(pread); GUARD(READ, fd, 0); return real(fd, b, n, o); }
ssize_t pread64(int fd, void *b, size_t n, off64_t o) { REAL(pread64); GUARD(READ, fd, 0); return real(fd, b, n, o); }

int rename(const char *a, const char *b) { REAL(rename); GUARD(RENAME, -1, b); return real(a, b); }
int renameat(int d, const char *a, int e, const char *b) { REAL(renameat); GUARD(RENAME, e, b); return real(d, a, e, b); }
int fsync(int fd) { REAL(fsync); GUARD(FSYNC, fd, 0); return real(fd); }
int fdatasync(int fd) { REAL(fdatasync); GUARD(FSYNC, fd, 0); return real(fd); }
int mkdir(const char *p, mode_t m) { REAL(mkdir); GUARD(MKDIR, -1, p); return real(p, m); }
int mkdirat(int d, const char *p, mode_t m) { REAL(mkdirat); GUARD(MKDIR, d, p); return real(d, p, m); }
int unlink(const char *p) { REAL(unlink); GUARD(UNLINK, -1, p); return real(p); }
int unlinkat(int d, const char *p, int f) { REAL(unlinkat); GUARD(UNLINK, d, p); return real(d, p, f); }
int rmdir(const char *p) { REAL(rmdir); GUARD(UNLINK, -1, p); return real(p); }
int link(const char *a, const char *b) { REAL(link); GUARD(LINK, -1, b); return real(a, b); }
int linkat(int d, const char *a, int e, const char *b, int f) { REAL(linkat); GUARD(LINK, e, b); return real(d, a, e, b, f); }
int close(int fd) {
  REAL(close);
  int bad = refused(CLOSE, fd, 0), done = real(fd);
  if (bad) errno = failure;
  return bad ? -1 : done;
}
