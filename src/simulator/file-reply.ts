/** The bytes of a file as a reply, whole or a range of them. */
import type { HttpReply } from './http-reply.js';

/** Answers a download; `range` as the header of that name asks. Several ranges at once are not served: the file is. */
export function fileReply(
  { name, bytes }: { name: string; bytes: Buffer },
  range: string | string[] | undefined,
): HttpReply {
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    'accept-ranges': 'bytes',
  };
  const [, first, last] = typeof range === 'string' ? (/^bytes=(\d*)-(\d*)$/.exec(range) ?? []) : [];
  if (first === undefined || last === undefined || (first === '' && last === '')) {
    return { status: 200, body: bytes, headers };
  }
  const size = bytes.length;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from >= size || from > to) {
    return { status: 416, body: null, headers: { 'content-range': `bytes */${size}` } };
  }
  return {
    status: 206,
    body: bytes.subarray(from, to + 1),
    headers: { ...headers, 'content-range': `bytes ${from}-${to}/${size}` },
  };
}
