/*
 * The upstream of the benchmark: an EnOS gateway that costs next to nothing. One thread, epoll, no signature checks, no JSON:
 * it looks ids up in the request and joins fragments that render.mjs wrote from records of the simulator.
 *
 *   stub DATA PORT        fragments, and the port on 127.0.0.1
 *   GET /__calls          calls by operation since the last reset; DELETE resets
 *
 * DATA holds fragments one after another: `<kind> <id> <bytes>\n<fragment>\n`. Kinds:
 *   a asset (getAsset)    w node whole    0 1 2 3 node by projection: light, with attributes, with tags, with both
 *   m model               k storage kinds of a model               t data of the token service
 *   c ids of a node's children, separated by spaces; under `*` those of all assets
 *   l newest value (id `asset,point`)     e `<count> <alerts>` of an asset
 *   s series in one fixed stretch (id `asset,point`)               x text that requests for series must hold
 *   A C M P Q E  asset, children, model, newest values (alone, or as the points of an asset), alerts in the very shape of the answer (/shaped), for peers that
 *                cannot reshape: GET /shaped/<kind>?id=..&id=.., an object for A and C, an array for the others
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
#include <unistd.h>

typedef struct { const char *at; size_t n; } Text;
typedef struct { char *at; size_t n, cap; } Buffer;

static void *grab(void *old, size_t n) {
  void *p = realloc(old, n);
  if (!p) { fputs("out of memory\n", stderr); exit(1); }
  return p;
}
static void room(Buffer *b, size_t more) {
  if (b->n + more <= b->cap) return;
  b->cap = (b->n + more) * 2;
  b->at = grab(b->at, b->cap);
}
static void add(Buffer *b, const char *s, size_t n) { room(b, n); memcpy(b->at + b->n, s, n); b->n += n; }
static void adds(Buffer *b, const char *s) { add(b, s, strlen(s)); }
static void addt(Buffer *b, Text t) { add(b, t.at, t.n); }
static void addn(Buffer *b, long v) { char s[24]; add(b, s, (size_t)snprintf(s, sizeof s, "%ld", v)); }

/* Fragments by kind and id. */
typedef struct { Text id, value; char kind; } Slot;
static Slot *slots;
static size_t slotMask;

static uint64_t hashOf(char kind, const char *a, size_t n, const char *b, size_t m) {
  uint64_t h = 1469598103934665603ull ^ (unsigned char)kind;
  for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)a[i]) * 1099511628211ull;
  if (b) {
    h = (h ^ ',') * 1099511628211ull;
    for (size_t i = 0; i < m; i++) h = (h ^ (unsigned char)b[i]) * 1099511628211ull;
  }
  return h ^ (h >> 29);
}
static const Text none = {NULL, 0};
/* The fragment of an id, or of the pair of two; `none` if there is none. */
static Text find2(char kind, Text a, Text b) {
  size_t n = a.n + (b.at ? b.n + 1 : 0);
  for (size_t i = hashOf(kind, a.at, a.n, b.at, b.n) & slotMask; slots[i].value.at; i = (i + 1) & slotMask) {
    Slot *s = &slots[i];
    if (s->kind == kind && s->id.n == n && !memcmp(s->id.at, a.at, a.n) &&
        (!b.at || (s->id.at[a.n] == ',' && !memcmp(s->id.at + a.n + 1, b.at, b.n)))) return s->value;
  }
  return none;
}
static Text find(char kind, Text id) { return find2(kind, id, none); }

static void loadData(const char *file) {
  FILE *f = fopen(file, "rb");
  if (!f) { perror(file); exit(1); }
  fseek(f, 0, SEEK_END);
  size_t size = (size_t)ftell(f);
  rewind(f);
  char *all = grab(NULL, size + 1);
  if (fread(all, 1, size, f) != size) { perror(file); exit(1); }
  fclose(f);
  all[size] = 0;
  size_t count = 0;
  for (int pass = 0; pass < 2; pass++) {
    if (pass) {
      for (slotMask = 1024; slotMask < count * 2;) slotMask *= 2;
      slots = calloc(slotMask--, sizeof *slots);
      if (!slots) { fputs("out of memory\n", stderr); exit(1); }
    }
    for (char *p = all; p < all + size;) {
      char kind = *p, *id = p + 2, *end = strchr(id, ' ');
      if (!end) { fputs("bad data\n", stderr); exit(1); }
      char *body;
      size_t n = strtoul(end + 1, &body, 10);
      body++;
      if (pass) {
        size_t i = hashOf(kind, id, (size_t)(end - id), NULL, 0) & slotMask;
        while (slots[i].value.at) i = (i + 1) & slotMask;
        slots[i] = (Slot){{id, (size_t)(end - id)}, {body, n}, kind};
      } else count++;
      p = body + n + 1;
    }
  }
}

/* What requests hold. */
static Text after(Text in, const char *mark) {
  size_t m = strlen(mark);
  const char *p = memmem(in.at, in.n, mark, m);
  return p ? (Text){p + m, (size_t)(in.at + in.n - p) - m} : none;
}
static int holds(Text in, const char *mark) { return after(in, mark).at != NULL; }
static Text until(Text t, const char *stops) {
  size_t i = 0;
  while (i < t.n && !strchr(stops, t.at[i])) i++;
  return (Text){t.at, i};
}
static long numberAfter(Text in, const char *mark, long otherwise) {
  Text t = after(in, mark);
  return t.at ? atol(t.at) : otherwise;
}
/* Takes the next of a list off its front; `none` at the end. Separators: comma, %2C and space; quotes are dropped. */
static Text next(Text *list) {
  while (list->n && strchr(", '", *list->at)) { list->at++; list->n--; }
  if (!list->n) return none;
  Text item = until(*list, ", '");
  const char *escaped = memmem(item.at, item.n, "%2C", 3);
  size_t skip = 0;
  if (escaped) { item.n = (size_t)(escaped - item.at); skip = 3; }
  list->at += item.n + skip;
  list->n -= item.n + skip;
  return item;
}
/* The ids of `field in ('a', 'b')` or `field = 'a'` in an expression. */
static Text idsOf(Text body, const char *field) {
  char mark[64];
  snprintf(mark, sizeof mark, "%s in (", field);
  Text t = after(body, mark);
  if (t.at) return until(t, ")");
  snprintf(mark, sizeof mark, "%s = '", field);
  t = after(body, mark);
  return t.at ? until(t, "'") : none;
}

enum { TOKEN, ASSET, NODES, RELATED, MODEL, MODELS, LATEST, ALERTS, STORAGE, RAW, SHAPED, OTHER, OPERATIONS };
static const char *operationNames[OPERATIONS] = {
    "token", "getAsset", "searchAssetNode", "searchRelatedAssetNode", "getThingModel", "searchThingModel",
    "getAssetLatestData", "searchActiveAlerts", "getMeasurementPointTsdbMetadata", "getAssetRawDataByTimeRange", "shaped", "other"};
static unsigned long calls[OPERATIONS];
static Buffer out; /* the body of the reply under construction */

static void page(long number, long size, long total) {
  adds(&out, "],\"pagination\":{\"pageNo\":"); addn(&out, number);
  adds(&out, ",\"pageSize\":"); addn(&out, size);
  adds(&out, ",\"totalSize\":"); addn(&out, total);
  adds(&out, ",\"sortedBy\":null}}");
}
/* The page that a body asks for, out of a list of ids. */
static void nodesPage(Text ids, Text body) {
  char kind = 'w';
  Text projection = after(body, "\"projection\":[");
  if (projection.at) {
    projection = until(projection, "]");
    kind = (char)('0' + (holds(projection, "\"attributes\"") ? 1 : 0) + (holds(projection, "\"tags\"") ? 2 : 0));
  }
  long number = numberAfter(body, "\"pageNo\":", 1), size = numberAfter(body, "\"pageSize\":", 10), total = 0;
  long from = (number - 1) * size;
  int first = 1;
  for (Text id; (id = next(&ids)).at;) {
    Text node = find(kind, id);
    if (!node.at) continue;
    if (total >= from && total < from + size) { if (!first) adds(&out, ","); addt(&out, node); first = 0; }
    total++;
  }
  page(number, size, total);
}
static int one(char kind, Text id) {
  Text found = find(kind, id);
  if (!found.at) return 0;
  adds(&out, "{\"code\":0,\"msg\":\"OK\",\"requestId\":\"bench\",\"data\":");
  addt(&out, found); adds(&out, "}");
  return 1;
}
static void pairs(char kind, Text assets, Text points) {
  int first = 1;
  adds(&out, "{\"code\":0,\"msg\":\"OK\",\"submsg\":null,\"data\":{\"items\":[");
  for (Text asset; (asset = next(&assets)).at;) {
    Text rest = points;
    for (Text point; (point = next(&rest)).at;) {
      Text value = find2(kind, asset, point);
      if (!value.at) continue;
      if (!first) adds(&out, ",");
      addt(&out, value); first = 0;
    }
  }
  adds(&out, "]}}");
}

#define OPEN "{\"code\":0,\"msg\":\"OK\",\"requestId\":\"bench\",\"data\":["
/* Reads that come in the shape of the answer; 0 for what this stub does not know. */
static int shaped(Text target) {
  char kind = *target.at;
  if (!strchr("ACMPQE", kind)) return 0;
  int list = kind != 'A' && kind != 'C', first = 1;
  if (list) adds(&out, "[");
  for (Text rest = target, id; (rest = after(rest, "Id=")).at;) {
    id = until(rest, "& ");
    Text found = find(kind, id);
    if (!found.at) return 0;
    if (!first) adds(&out, ",");
    addt(&out, found);
    first = 0;
  }
  if (list) adds(&out, "]");
  return !first;
}
/* Builds the reply of a request and says which operation it was; OTHER for what this stub does not know. */
static int answer(Text target, Text body) {
  out.n = 0;
  Text shape = after(target, "/shaped/");
  if (shape.at) return shaped(shape) ? SHAPED : OTHER;
  if (holds(target, "/latest")) {
    if (holds(body, "\"itemFormat\":2")) return OTHER;
    pairs('l', until(after(body, "\"assetIds\":\""), "\""), until(after(body, "\"pointIds\":\""), "\""));
    return LATEST;
  }
  if (holds(target, "/asset-nodes")) {
    Text parent = after(body, "\"isChildOfAssetId\":\"");
    adds(&out, OPEN);
    if (parent.at) { nodesPage(find('c', until(parent, "\"")), body); return RELATED; }
    Text ids = idsOf(body, "assetIds");
    nodesPage(ids.at ? ids : find('c', (Text){"*", 1}), body);
    return NODES;
  }
  if (holds(target, "/active-alerts")) {
    Text ids = idsOf(body, "assetId");
    long total = 0;
    adds(&out, OPEN);
    for (Text id; (id = next(&ids)).at;) {
      Text found = find('e', id);
      long count = found.at ? atol(found.at) : 0;
      if (!count) continue;
      if (total) adds(&out, ",");
      addt(&out, after(found, " "));
      total += count;
    }
    page(1, numberAfter(body, "\"pageSize\":", 10), total);
    return ALERTS;
  }
  if (holds(target, "/thing-models")) {
    Text id = after(target, "modelId=");
    if (id.at) return one('m', until(id, "& ")) ? MODEL : OTHER;
    Text ids = idsOf(body, "modelId");
    long total = 0;
    adds(&out, OPEN);
    for (Text each; (each = next(&ids)).at;) {
      Text model = find('m', each);
      if (!model.at) continue;
      if (total++) adds(&out, ",");
      addt(&out, model);
    }
    page(1, numberAfter(body, "\"pageSize\":", 10), total);
    return MODELS;
  }
  if (holds(target, "/asset-service/")) return one('a', until(after(target, "assetId="), "& ")) ? ASSET : OTHER;
  if (holds(target, "modelIds=")) {
    Text ids = until(after(target, "modelIds="), "& ");
    int first = 1;
    adds(&out, "{\"status\":0,\"msg\":\"success\",\"requestId\":null,\"submsg\":\"success\",\"data\":[");
    for (Text id; (id = next(&ids)).at;) {
      Text kinds = find('k', id);
      if (!kinds.at) continue;
      if (!first) adds(&out, ",");
      addt(&out, kinds); first = 0;
    }
    adds(&out, "]}");
    return STORAGE;
  }
  if (holds(target, "/raw")) {
    Text stretch = find('x', (Text){"*", 1});
    if (!memmem(body.at, body.n, stretch.at, stretch.n)) return OTHER;
    pairs('s', until(after(body, "\"assetIds\":\""), "\""), until(after(body, "\"pointIds\":\""), "\""));
    return RAW;
  }
  if (holds(target, "/token")) { addt(&out, find('t', (Text){"*", 1})); return TOKEN; }
  return OTHER;
}

typedef struct { int fd; Buffer in, out; size_t sent; } Connection;

static void reply(Connection *c, const char *status) {
  char head[160];
  int n = snprintf(head, sizeof head, "HTTP/1.1 %s\r\ncontent-type: application/json;charset=UTF-8\r\ncontent-length: %zu\r\n\r\n", status, out.n);
  add(&c->out, head, (size_t)n);
  add(&c->out, out.at, out.n);
}
static void handle(Connection *c, Text method, Text target, Text body) {
  if (holds(target, "/__calls")) {
    out.n = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      adds(&out, i ? ",\"" : "{\""); adds(&out, operationNames[i]); adds(&out, "\":"); addn(&out, (long)calls[i]);
    }
    adds(&out, "}");
    if (*method.at == 'D') memset(calls, 0, sizeof calls);
    reply(c, "200 OK");
    return;
  }
  int operation = answer(target, body);
  calls[operation]++;
  if (operation == OTHER) {
    fprintf(stderr, "unknown: %.*s %.*s %.*s\n", (int)method.n, method.at, (int)target.n, target.at, (int)(body.n < 300 ? body.n : 300), body.at ? body.at : "");
    out.n = 0;
    adds(&out, "{\"code\":99404,\"msg\":\"Not Found\",\"requestId\":\"bench\",\"data\":null}");
  }
  reply(c, "200 OK");
}
/* Serves all requests that have come whole; -1 for what is no request. */
static int serve(Connection *c) {
  size_t done = 0;
  while (done < c->in.n) {
    Text rest = {c->in.at + done, c->in.n - done};
    Text tail = after(rest, "\r\n\r\n");
    if (!tail.at) break;
    size_t head = (size_t)(tail.at - rest.at), length = 0;
    for (Text lines = {rest.at, head}; lines.n;) {
      if (lines.n > 15 && !strncasecmp(lines.at, "content-length:", 15)) length = strtoul(lines.at + 15, NULL, 10);
      if (lines.n > 18 && !strncasecmp(lines.at, "transfer-encoding:", 18)) { fputs("chunked request\n", stderr); return -1; }
      lines = after(lines, "\r\n");
    }
    if (rest.n < head + length) break;
    Text method = until(rest, " ");
    Text target = until((Text){method.at + method.n + 1, head - method.n - 1}, " ");
    handle(c, method, target, (Text){rest.at + head, length});
    done += head + length;
  }
  memmove(c->in.at, c->in.at + done, c->in.n - done);
  c->in.n -= done;
  return 0;
}
/* Sends what is waiting: 0 when all is gone, 1 when the socket is full, -1 when it is broken. */
static int flush(Connection *c) {
  while (c->sent < c->out.n) {
    ssize_t k = write(c->fd, c->out.at + c->sent, c->out.n - c->sent);
    if (k < 0) return errno == EAGAIN ? 1 : -1;
    c->sent += (size_t)k;
  }
  c->out.n = c->sent = 0;
  return 0;
}
static void end(Connection *c) { close(c->fd); free(c->in.at); free(c->out.at); free(c); }

int main(int argc, char **argv) {
  if (argc != 3) { fputs("usage: stub DATA PORT\n", stderr); return 2; }
  loadData(argv[1]);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) { perror("listen"); return 1; }
  int poll = epoll_create1(0);
  struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = NULL}, events[256];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
  puts("ready");
  fflush(stdout);
  for (;;) {
    int n = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < n; i++) {
      Connection *c = events[i].data.ptr;
      if (!c) {
        for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
          setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
          c = calloc(1, sizeof *c);
          if (!c) { close(fd); continue; }
          c->fd = fd;
          wanted = (struct epoll_event){.events = EPOLLIN, .data.ptr = c};
          epoll_ctl(poll, EPOLL_CTL_ADD, fd, &wanted);
        }
        continue;
      }
      int state = events[i].events & (EPOLLERR | EPOLLHUP) ? -1 : 0;
      if (!state && events[i].events & EPOLLIN) {
        room(&c->in, 65536);
        ssize_t k = read(c->fd, c->in.at + c->in.n, c->in.cap - c->in.n);
        if (k > 0) { c->in.n += (size_t)k; state = serve(c); }
        else if (k == 0 || errno != EAGAIN) state = -1;
      }
      if (!state) {
        state = flush(c);
        if (state >= 0 && (state || events[i].events & EPOLLOUT)) {
          wanted = (struct epoll_event){.events = EPOLLIN | (state ? (uint32_t)EPOLLOUT : 0), .data.ptr = c};
          epoll_ctl(poll, EPOLL_CTL_MOD, c->fd, &wanted);
        }
      }
      if (state < 0) end(c);
    }
  }
}
