/** Reads the body of a POST as JSON up to the limit, and refuses what is too large or not JSON as GraphQL JSON. */
import express from 'express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { sendGraphqlError } from '../graphql-errors.js';
import { limitRefusal } from '../limits/limit-error.js';

/** Reads JSON bodies; every other media type is left unread for Apollo to refuse. */
export function readBody(maxBodyBytes: number): RequestHandler {
  return express.json({ limit: maxBodyBytes, type: 'application/json' });
}

/** Why a body could not be read, as http-errors of the body parser tell it. */
interface BodyError {
  type?: string;
  status?: number;
  length?: number;
}

/** Answers for bodies that could not be read. Errors of another kind are passed on. */
export function bodyErrors(maxBodyBytes: number): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const { type, status, length } = (error ?? {}) as BodyError;
    if (type === 'entity.too.large') {
      const limit = {
        name: 'MAX_BODY_BYTES',
        value: maxBodyBytes,
        asked: length ?? null,
        what: 'bytes of body',
      };
      sendGraphqlError(req, res, 413, limitRefusal(limit));
    } else if (type !== undefined && status !== undefined && status >= 400 && status < 500) {
      const message = MESSAGES[type] ?? 'The body of the request cannot be read.';
      sendGraphqlError(req, res, status, { message, extensions: { code: 'BAD_REQUEST' } });
    } else {
      next(error);
    }
  };
}

/** By the type that the body parser gives. Its own messages repeat parts of the body. */
const MESSAGES: Record<string, string> = {
  'entity.parse.failed': 'The body of the request is not JSON.',
  'encoding.unsupported': 'The body of the request has a content encoding that is not supported.',
  'charset.unsupported': 'The body of the request has a charset that is not supported; use UTF-8.',
  'request.size.invalid': 'The body of the request has not the length that it was announced with.',
};
