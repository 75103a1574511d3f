/* Makes calls of the C library fail, as a network file system or a full disk does; and sets the clock back.

   FAIL_CALL     write, fsync, close, rename, open or read
   FAIL_PATH     a text in the path of the file
   FAIL_AT       the number of the first such call that fails, from 1
   FAIL_TIMES    how many fail from there on (1)
   FAIL_ERRNO    with which error
   FAIL_LOG      a file that gets a line for each such call
   CLOCK_AT      seconds after the start of the process at which the clock is set back
   CLOCK_BACK    by how many seconds

   close, fsync and rename are carried out nevertheless, as with errors that come late. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int calls;

static long number(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

static void log_call(const char *call, const char *path)
{
    const char *log = getenv("FAIL_LOG");
    char line[PATH_MAX + 64];
    if (!log)
        return;
    int length = snprintf(line, sizeof line, "%s %s\n", call, path);
    int file = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    REAL(write)(file, line, length);
    REAL(close)(file);
}

static int fails(const char *call, const char *path)
{
    const char *chosen = getenv("FAIL_CALL"), *part = getenv("FAIL_PATH");
    if (!chosen || strcmp(chosen, call) || !part || !strstr(path, part))
        return 0;
    log_call(call, path);
    long first = number("FAIL_AT", 1);
    int count = __sync_add_and_fetch(&calls, 1);
    if (count < first || count >= first + number("FAIL_TIMES", 1))
        return 0;
    errno = number("FAIL_ERRNO", EIO);
    return 1;
}

static int fails_on(const char *call, int file)
{
    char link[64], path[PATH_MAX];
    const char *chosen = getenv("FAIL_CALL");
    if (!chosen || strcmp(chosen, call))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return fails(call, path);
}

#define FAILING(call, type, name, parameters, arguments)      \
    type name parameters                                      \
    {                                                         \
        return fails_on(call, file) ? -1 : REAL(name) arguments; \
    }

#define LATE(call, name)                         \
    int name(int file)                           \
    {                                            \
        int failing = fails_on(call, file);      \
        int error = errno, done = REAL(name)(file); \
        if (!failing)                            \
            return done;                         \
        errno = error;                           \
        return -1;                               \
    }

FAILING("write", ssize_t, write, (int file, const void *data, size_t size), (file, data, size))
FAILING("write", ssize_t, pwrite, (int file, const void *data, size_t size, off_t at), (file, data, size, at))
FAILING("write", ssize_t, pwrite64, (int file, const void *data, size_t size, off64_t at), (file, data, size, at))
FAILING("read", ssize_t, read, (int file, void *data, size_t size), (file, data, size))
FAILING("read", ssize_t, pread, (int file, void *data, size_t size, off_t at), (file, data, size, at))
FAILING("read", ssize_t, pread64, (int file, void *data, size_t size, off64_t at), (file, data, size, at))
LATE("fsync", fsync)
LATE("fsync", fdatasync)
LATE("close", close)

int rename(const char *from, const char *to)
{
    int failing = fails("rename", to), error = errno, done = REAL(rename)(from, to);
    if (!failing)
        return done;
    errno = error;
    return -1;
}

#define OPENING(name)                                         \
    int name(const char *path, int flags, ...)                \
    {                                                         \
        va_list rest;                                         \
        va_start(rest, flags);                                \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                         \
        return fails("open", path) ? -1 : REAL(name)(path, flags, mode); \
    }

OPENING(open)
OPENING(open64)

static time_t set_back(void)
{
    static struct timespec start;
    struct timespec now;
    REAL(clock_gettime)(CLOCK_MONOTONIC, &now);
    if (!start.tv_sec)
        start = now;
    return now.tv_sec - start.tv_sec >= number("CLOCK_AT", 0) ? number("CLOCK_BACK", 0) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int done = REAL(clock_gettime)(clock, now);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
        now->tv_sec -= set_back();
    return done;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    int done = REAL(gettimeofday)(now, zone);
    now->tv_sec -= set_back();
    return done;
}

time_t time(time_t *now)
{
    time_t seconds = REAL(time)(NULL) - set_back();
    return now ? *now = seconds : seconds;
}
