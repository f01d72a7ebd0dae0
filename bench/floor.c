/* The floor of a cold build: what any generator must do, and nothing else. Linux and other POSIX systems.
 *
 *     floor SOURCES REFERENCE OUTPUT THREADS
 *
 * Reads every file in the folder SOURCES, then makes in OUTPUT the folders and files that are in REFERENCE, with the
 * same bytes. These were read into memory before: that is not counted. Prints wall and CPU, in seconds. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct file { char *path, *bytes; long size; };

static struct file *files;
static char **folders;
static long file_count, folder_count;
static int threads;
static size_t reference_length;
static const char *output;

static void die(const char *what) { perror(what); exit(1); }

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* Arrays double at each power of two. */
static void *grown(void *array, long count, size_t size) {
  if (count & (count - 1)) return array;
  return realloc(array, (count ? 2 * count : 1) * size);
}

static int remember(const char *path, const struct stat *s, int kind, struct FTW *where) {
  char *target;
  (void)where;
  if (asprintf(&target, "%s%s", output, path + reference_length) < 0) die("asprintf");
  if (kind == FTW_D) {
    folders = grown(folders, folder_count, sizeof *folders);
    folders[folder_count++] = target;
  } else if (kind == FTW_F) {
    struct file f = {target, malloc(s->st_size + 1), s->st_size};
    int fd = open(path, O_RDONLY);
    if (fd < 0 || read(fd, f.bytes, f.size) != f.size) die(path);
    close(fd);
    files = grown(files, file_count, sizeof *files);
    files[file_count++] = f;
  }
  return 0;
}

static void read_all(const char *sources) {
  static char buffer[1 << 20];
  int top = open(sources, O_RDONLY | O_DIRECTORY);
  DIR *folder = fdopendir(top);
  struct dirent *entry;
  if (!folder) die(sources);
  while ((entry = readdir(folder))) {
    if (entry->d_name[0] == '.') continue;
    int fd = openat(top, entry->d_name, O_RDONLY);
    if (fd < 0 || read(fd, buffer, sizeof buffer) < 0) die(entry->d_name);
    close(fd);
  }
  closedir(folder);
}

static void *write_share(void *first) {
  for (long i = (long)first; i < file_count; i += threads) {
    int fd = open(files[i].path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || write(fd, files[i].bytes, files[i].size) != files[i].size) die(files[i].path);
    close(fd);
  }
  return 0;
}

int main(int count, char **args) {
  if (count != 5) return 2;
  output = args[3];
  threads = atoi(args[4]);
  reference_length = strlen(args[2]);
  if (nftw(args[2], remember, 64, FTW_PHYS)) die(args[2]);

  double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
  pthread_t pool[64];
  read_all(args[1]);
  for (long i = 0; i < folder_count; i++) if (mkdir(folders[i], 0755)) die(folders[i]);
  for (long i = 0; i < threads; i++) pthread_create(&pool[i], 0, write_share, (void *)i);
  for (long i = 0; i < threads; i++) pthread_join(pool[i], 0);
  printf("%.6f %.6f\n", now(CLOCK_MONOTONIC) - wall, now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  return 0;
}
