/*
 * The load of the benchmark: keeps connections busy with POST requests and compares every answer, byte by byte, with the one
 * that was checked before. One thread, epoll.
 *
 *   load PORT CONNECTIONS WARM_UP SECONDS RATE FILE
 *
 * RATE 0: each connection asks again as soon as it has its answer. RATE > 0: that many requests a second, whatever the
 * server does; their latency counts from the moment at which they were due. FILE holds requests, asked in turn:
 * `<bytes> <bytes>\n<body><expected answer>\n`. Prints one JSON object; times are in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

typedef struct { char *head; size_t headBytes; const char *expected; size_t expectedBytes; } Request;
typedef struct {
  int fd, busy;
  uint64_t due;
  const Request *request;
  size_t sent;
  char *in;
  size_t n, cap;
} Connection;

static Request *requests;
static size_t requestCount, turn;
static Connection *connections;
static int connectionCount, port;
static uint64_t measureFrom, endAt;
static uint32_t *latencies;
static size_t latencyCount, latencyCap, badStatus, wrong, broken;
static char firstWrong[400];

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}
static void *grab(void *old, size_t n) {
  void *p = realloc(old, n);
  if (!p) { fputs("out of memory\n", stderr); exit(1); }
  return p;
}
static void fail(const char *what) { perror(what); exit(1); }

static void readRequests(const char *file) {
  FILE *f = fopen(file, "rb");
  if (!f) fail(file);
  size_t bodyBytes, expectedBytes;
  while (fscanf(f, "%zu %zu", &bodyBytes, &expectedBytes) == 2) {
    if (fgetc(f) != '\n') break;
    requests = grab(requests, (requestCount + 1) * sizeof *requests);
    Request *r = &requests[requestCount++];
    r->head = grab(NULL, bodyBytes + 300);
    int n = snprintf(r->head, 300, "POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: %zu\r\n\r\n", port, bodyBytes);
    char *expected = grab(NULL, expectedBytes + 1);
    if (fread(r->head + n, 1, bodyBytes, f) != bodyBytes || fread(expected, 1, expectedBytes, f) != expectedBytes) fail(file);
    r->headBytes = (size_t)n + bodyBytes;
    r->expected = expected;
    r->expectedBytes = expectedBytes;
    fgetc(f);
  }
  fclose(f);
  if (!requestCount) { fputs("no requests\n", stderr); exit(1); }
}
static void await(int poll, Connection *c, uint32_t events, int operation) {
  struct epoll_event wanted = {.events = events, .data.ptr = c};
  if (epoll_ctl(poll, operation, c->fd, &wanted)) fail("epoll_ctl");
}
static void dial(int poll, Connection *c) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int yes = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(c->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(c->fd, F_SETFL, fcntl(c->fd, F_GETFL) | O_NONBLOCK);
  c->n = 0;
  c->busy = 0;
  await(poll, c, EPOLLIN, EPOLL_CTL_ADD);
}
static void push(int poll, Connection *c) {
  while (c->sent < c->request->headBytes) {
    ssize_t k = write(c->fd, c->request->head + c->sent, c->request->headBytes - c->sent);
    if (k < 0) {
      if (errno == EAGAIN) await(poll, c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      return;
    }
    c->sent += (size_t)k;
  }
}
static void ask(int poll, Connection *c, uint64_t due) {
  c->request = &requests[turn++ % requestCount];
  c->sent = 0;
  c->busy = 1;
  c->due = due;
  push(poll, c);
}
static const char *header(const char *head, const char *end, const char *name) {
  size_t n = strlen(name);
  for (const char *line = head; line < end;) {
    if (!strncasecmp(line, name, n)) return line + n;
    line = memmem(line, (size_t)(end - line), "\r\n", 2);
    if (!line) return NULL;
    line += 2;
  }
  return NULL;
}
/* Moves the chunks of a complete body together and returns their bytes; -1 for no chunked body. */
static long unchunk(char *at, size_t n) {
  size_t from = 0, to = 0;
  for (;;) {
    char *line = memmem(at + from, n - from, "\r\n", 2);
    if (!line) return -1;
    size_t size = strtoul(at + from, NULL, 16), start = (size_t)(line - at) + 2;
    if (start + size + 2 > n) return -1;
    if (!size) return (long)to;
    memmove(at + to, at + start, size);
    to += size;
    from = start + size + 2;
  }
}
/* Whether the last chunk has come: JSON holds no line ends of this kind. */
static int chunksComplete(const char *at, size_t n) {
  return n >= 5 && !memcmp(at + n - 5, "0\r\n\r\n", 5);
}
/* Takes the answer if it has come whole. */
static int take(Connection *c) {
  char *split = memmem(c->in, c->n, "\r\n\r\n", 4);
  if (!split) return 0;
  char *body = split + 4;
  size_t have = c->n - (size_t)(body - c->in), bytes;
  const char *length = header(c->in, split, "content-length:");
  if (length) {
    bytes = strtoul(length, NULL, 10);
    if (have < bytes) return 0;
  } else {
    if (!chunksComplete(body, have)) return 0;
    long n = unchunk(body, have);
    if (n < 0) return 0;
    bytes = (size_t)n;
  }
  uint64_t at = now();
  int ok = !memcmp(c->in, "HTTP/1.1 200", 12);
  int same = bytes == c->request->expectedBytes && !memcmp(body, c->request->expected, bytes);
  if (!ok) badStatus++;
  else if (!same) wrong++;
  if ((!ok || !same) && !*firstWrong) {
    size_t shown = bytes < sizeof firstWrong - 1 ? bytes : sizeof firstWrong - 1;
    for (size_t i = 0; i < shown; i++) firstWrong[i] = strchr("\"\\", body[i]) || (unsigned char)body[i] < 32 ? '\'' : body[i];
  }
  if (at >= measureFrom && at < endAt) {
    if (latencyCount == latencyCap) latencies = grab(latencies, (latencyCap = latencyCap * 2 + 65536) * sizeof *latencies);
    latencies[latencyCount++] = (uint32_t)(at - c->due);
  }
  c->n = 0;
  c->busy = 0;
  return 1;
}
static int anyBusy(void) {
  for (int i = 0; i < connectionCount; i++) if (connections[i].busy) return 1;
  return 0;
}
static int byValue(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}
static uint32_t share(double part) { return latencyCount ? latencies[(size_t)((double)(latencyCount - 1) * part)] : 0; }

static void report(double seconds) {
  qsort(latencies, latencyCount, sizeof *latencies, byValue);
  uint64_t slow = 0, limit = (uint64_t)share(0.5) * 4;
  for (size_t i = latencyCount; i-- && latencies[i] > limit;) slow++;
  printf("{\"requests\":%zu,\"seconds\":%.3f,\"perSecond\":%.2f,\"p50\":%u,\"p90\":%u,\"p99\":%u,\"max\":%u,\"beyond4Medians\":%.5f,"
         "\"badStatus\":%zu,\"wrongAnswers\":%zu,\"broken\":%zu,\"firstWrong\":\"%s\",\"total\":%zu}\n",
         latencyCount, seconds, (double)latencyCount / seconds, share(0.5), share(0.9), share(0.99), share(1),
         latencyCount ? (double)slow / (double)latencyCount : 0, badStatus, wrong, broken, firstWrong, turn);
}

int main(int argc, char **argv) {
  if (argc != 7) { fputs("usage: load PORT CONNECTIONS WARM_UP SECONDS RATE FILE\n", stderr); return 2; }
  port = atoi(argv[1]);
  connectionCount = atoi(argv[2]);
  double warmUp = atof(argv[3]), seconds = atof(argv[4]), rate = atof(argv[5]);
  readRequests(argv[6]);
  int poll = epoll_create1(0), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  connections = calloc((size_t)connectionCount, sizeof *connections);
  if (!connections || poll < 0 || timer < 0) fail("start");
  for (int i = 0; i < connectionCount; i++) dial(poll, &connections[i]);
  uint64_t start = now(), asked = 0;
  measureFrom = start + (uint64_t)(warmUp * 1e6);
  endAt = measureFrom + (uint64_t)(seconds * 1e6);
  if (rate > 0) {
    long each = (long)(1e9 / rate);
    struct itimerspec ticks = {{each / 1000000000, each % 1000000000}, {each / 1000000000, each % 1000000000}};
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = NULL};
    timerfd_settime(timer, 0, &ticks, NULL);
    epoll_ctl(poll, EPOLL_CTL_ADD, timer, &wanted);
  } else for (int i = 0; i < connectionCount; i++) ask(poll, &connections[i], now());
  struct epoll_event events[256];
  /* What is under way at the end is waited for: no work is left behind for whoever is measured next. */
  while (now() < endAt || (anyBusy() && now() < endAt + 5000000)) {
    int n = epoll_wait(poll, events, 256, 100);
    for (int i = 0; i < n; i++) {
      Connection *c = events[i].data.ptr;
      if (!c) {
        uint64_t ticks;
        if (read(timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN) fail("timer");
        continue;
      }
      if (events[i].events & EPOLLOUT) { await(poll, c, EPOLLIN, EPOLL_CTL_MOD); push(poll, c); }
      if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) continue;
      if (c->cap - c->n < 65536) c->in = grab(c->in, c->cap = c->cap * 2 + 131072);
      ssize_t k = read(c->fd, c->in + c->n, c->cap - c->n);
      if (k <= 0 && (k == 0 || errno != EAGAIN)) {
        broken += (size_t)c->busy;
        close(c->fd);
        dial(poll, c);
        if (rate <= 0 && now() < endAt) ask(poll, c, now());
        continue;
      }
      if (k > 0) c->n += (size_t)k;
      if (take(c) && rate <= 0 && now() < endAt) ask(poll, c, now());
    }
    if (rate > 0 && now() < endAt) {
      /* What is due goes out on any idle connection, at the latest when one becomes idle. */
      for (int i = 0; i < connectionCount; i++) {
        uint64_t due = start + (uint64_t)((double)asked * 1e6 / rate);
        if (due > now()) break;
        if (connections[i].busy) continue;
        ask(poll, &connections[i], due);
        asked++;
      }
    }
  }
  for (int i = 0; i < connectionCount; i++) broken += (size_t)connections[i].busy;
  report(seconds);
  return 0;
}
