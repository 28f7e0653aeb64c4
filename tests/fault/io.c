/* io.c: a library to preload that records what a program does to the files of one folder, and makes one call fail or
 * kills the program there.
 *     ND_FAULT_DIR=DIR     the folder; calls on other files are neither counted nor changed
 *     ND_FAULT_LOG=FILE    a line per call: OP PATH, or OP PATH TO for a rename; what the k-th renamed file
 *                          holds is kept as FILE.k
 *     ND_FAULT=OP:N:WHAT   call number N (from 1) of OP (open write fsync rename mkdir unlink, or any) does not
 *                          happen: it fails with WHAT (ENOSPC EIO EACCES EMFILE), or is the end (KILL);
 *                          SHORT makes a write take half of its bytes, FULL fails this call and all later
 *                          writes with ENOSPC
 * Calls are counted over all threads. Build: cc -shared -fPIC -o io.so io.c -ldl */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum what {
    GO,
    FAIL,
    HALF
};

static struct {
    pthread_once_t once;
    pthread_mutex_t lock;
    const char *dir, *op;
    char what[16];
    long at, seen;
    int log, full, kept;
    int (*open)(const char *, int, ...);
    ssize_t (*write)(int, const void *, size_t);
    int (*fsync)(int);
    int (*rename)(const char *, const char *);
    int (*mkdir)(const char *, mode_t);
    int (*unlink)(const char *);
} io = {.once = PTHREAD_ONCE_INIT, .lock = PTHREAD_MUTEX_INITIALIZER, .log = -1};

static char op_name[16];

#define REAL(name) *(void **)&io.name = dlsym(RTLD_NEXT, #name)

static void start(void)
{
    REAL(open);
    REAL(write);
    REAL(fsync);
    REAL(rename);
    REAL(mkdir);
    REAL(unlink);
    io.dir = getenv("ND_FAULT_DIR");
    const char *log = getenv("ND_FAULT_LOG"), *fault = getenv("ND_FAULT");
    if (log)
        io.log = io.open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fault && sscanf(fault, "%15[a-z]:%ld:%15s", op_name, &io.at, io.what) == 3)
        io.op = op_name;
}

static int ours(const char *path)
{
    size_t n = io.dir ? strlen(io.dir) : 0;
    return n && strncmp(path, io.dir, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static void code(void)
{
    errno = strcmp(io.what, "EIO") == 0      ? EIO
            : strcmp(io.what, "EACCES") == 0 ? EACCES
            : strcmp(io.what, "EMFILE") == 0 ? EMFILE
                                             : ENOSPC;
}

/* Count a call; decide what becomes of it. */
static enum what call(const char *op, const char *path, const char *to)
{
    enum what w = GO;
    pthread_mutex_lock(&io.lock);
    if (io.log >= 0) {
        char line[2 * PATH_MAX + 64];
        int n = snprintf(line, sizeof line, "%s %s%s%s\n", op, path, to ? " " : "", to ? to : "");
        if (n > 0 && io.write(io.log, line, (size_t)n) < 0)
            abort();
    }
    if (io.op && (strcmp(io.op, op) == 0 || strcmp(io.op, "any") == 0) && ++io.seen == io.at) {
        if (strcmp(io.what, "KILL") == 0)
            kill(getpid(), SIGKILL);
        io.full = strcmp(io.what, "FULL") == 0;
        w = strcmp(io.what, "SHORT") == 0 ? HALF : FAIL;
    } else if (io.full && strcmp(op, "write") == 0) {
        w = FAIL;
    }
    pthread_mutex_unlock(&io.lock);
    return w;
}

static const char *path_of(int fd, char out[PATH_MAX])
{
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(name, out, PATH_MAX - 1);
    out[n > 0 ? n : 0] = '\0';
    return out;
}

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    pthread_once(&io.once, start);
    if (flags & O_CREAT) {
        va_list ap;
        va_start(ap, flags);
        mode = va_arg(ap, mode_t);
        va_end(ap);
        if (ours(path) && call("open", path, NULL) != GO) {
            code();
            return -1;
        }
    }
    return io.open(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list ap;
        va_start(ap, flags);
        mode = va_arg(ap, mode_t);
        va_end(ap);
    }
    return open(path, flags, mode);
}

ssize_t write(int fd, const void *p, size_t n)
{
    char path[PATH_MAX];
    pthread_once(&io.once, start);
    if (!ours(path_of(fd, path)))
        return io.write(fd, p, n);
    enum what w = call("write", path, NULL);
    if (w == GO)
        return io.write(fd, p, n);
    if (w == HALF && n > 1)
        return io.write(fd, p, n / 2);
    code();
    return -1;
}

int fsync(int fd)
{
    char path[PATH_MAX];
    pthread_once(&io.once, start);
    if (!ours(path_of(fd, path)) || call("fsync", path, NULL) == GO)
        return io.fsync(fd);
    code();
    return -1;
}

/* Keep what a file holds that is about to be renamed. */
static void keep(const char *from)
{
    char name[PATH_MAX], bytes[4096];
    snprintf(name, sizeof name, "%s.%d", getenv("ND_FAULT_LOG"), ++io.kept);
    int in = io.open(from, O_RDONLY | O_CLOEXEC);
    int out = io.open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    for (ssize_t n; in >= 0 && out >= 0 && (n = read(in, bytes, sizeof bytes)) > 0;)
        if (io.write(out, bytes, (size_t)n) != n)
            abort();
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
}

int rename(const char *from, const char *to)
{
    pthread_once(&io.once, start);
    if (ours(from) && io.log >= 0)
        keep(from);
    if (!ours(from) || call("rename", from, to) == GO)
        return io.rename(from, to);
    code();
    return -1;
}

int mkdir(const char *path, mode_t mode)
{
    pthread_once(&io.once, start);
    if (!ours(path) || call("mkdir", path, NULL) == GO)
        return io.mkdir(path, mode);
    code();
    return -1;
}

int unlink(const char *path)
{
    pthread_once(&io.once, start);
    if (!ours(path) || call("unlink", path, NULL) == GO)
        return io.unlink(path);
    code();
    return -1;
}
