/** Multipart bodies: uploads of files, and the JSON that comes with them. */
import type { IncomingHttpHeaders } from 'node:http';
import { Response } from 'undici';
import type { ContractOperation } from './contract/operations.js';
import { isObject } from './contract/documents.js';
import type { HttpCall } from './http-reply.js';
import { fromJson } from './json.js';

/** A file of a form. */
export interface FormFile {
  /** Name of the part. */
  part: string;
  filename: string;
  bytes: Buffer;
}

/** A form, its parts in the order sent. */
export interface Form {
  /** Parts that are no files, by name. */
  texts: readonly { part: string; text: string }[];
  files: readonly FormFile[];
}

/** A body that cannot be read as the form that it must be; the text says why. */
export class FormError extends Error {}

/** Whether a body is a form. */
export function isMultipart(headers: IncomingHttpHeaders): boolean {
  return (headers['content-type'] ?? '').toLowerCase().startsWith('multipart/form-data');
}

/** Reads a form; null for one that is cut short or has no boundary. */
export async function readForm({ headers, body }: HttpCall): Promise<Form | null> {
  const texts: { part: string; text: string }[] = [];
  const files: FormFile[] = [];
  try {
    const contentType = headers['content-type'] ?? '';
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    for (const [part, value] of form.entries()) {
      if (typeof value === 'string') texts.push({ part, text: value });
      else files.push({ part, filename: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
    }
  } catch {
    return null;
  }
  return { texts, files };
}

const MAX_MESSAGE_BYTES = 512 * 1024;
const MAX_FILE_BYTES = 100 * 1024 * 1024;

/**
 * The parts of a form as the operation's schema knows them: files as empty texts, all else read as JSON, whether or not
 * its sender has given it a filename. Throws FormError.
 */
export function membersOf(
  operation: ContractOperation,
  form: Form,
): { members: Record<string, unknown>; files: FormFile[] } {
  const schema = operation.body?.multipart?.properties;
  const kindOf = (part: string): 'file' | 'files' | 'json' => {
    const property = isObject(schema) ? schema[part] : undefined;
    if (!isObject(property)) return 'json';
    return property.type === 'array' ? 'files' : property.format === 'binary' ? 'file' : 'json';
  };
  const members: Record<string, unknown> = {};
  const files: FormFile[] = [];
  const texts = [...form.texts];
  for (const file of form.files) {
    if (kindOf(file.part) === 'json') texts.push({ part: file.part, text: file.bytes.toString('utf8') });
    else {
      if (file.bytes.length > MAX_FILE_BYTES) throw new FormError(`${file.filename} is larger than 100 MB`);
      files.push(file);
      members[file.part] = kindOf(file.part) === 'files' ? files.map(() => '') : '';
    }
  }
  for (const { part, text } of texts) {
    if (part in members) throw new FormError(`there is more than one part ${part}`);
    if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) throw new FormError(`${part} is larger than 512 KB`);
    members[part] = readLenient(part, text);
  }
  return { members, files };
}

/** JSON, or, as samples of EnOS send it, the same written by Python: quotes are single, and true is True. */
function readLenient(part: string, text: string): unknown {
  try {
    return fromJson(text);
  } catch {
    const rewritten = asJson(text);
    try {
      return fromJson(rewritten);
    } catch {
      throw new FormError(`${part} is not JSON`);
    }
  }
}

const WORDS: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };

/** What Python writes, in JSON, as far as strings and words go: each character is looked at once. */
function asJson(text: string): string {
  const parts: string[] = [];
  const rest = /[A-Za-z]+|[^A-Za-z'"]+/y;
  for (let at = 0; at < text.length;) {
    const quote = text[at];
    if (quote === "'" || quote === '"') {
      const end = endOfString(text, at);
      const written = text.slice(at, end);
      const isJson = quote === '"';
      parts.push(isJson ? written : JSON.stringify(written.slice(1, -1).replaceAll("\\'", "'")));
      at = end;
    } else {
      rest.lastIndex = at;
      const [word = ''] = rest.exec(text) ?? [];
      parts.push(WORDS[word] ?? word);
      at += word.length;
    }
  }
  return parts.join('');
}

/** The place after the quote that ends the string that begins at a quote; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[start]) return at + 1;
  }
  return text.length;
}
