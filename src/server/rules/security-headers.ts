/**
 * What browsers are told: load nothing but our own files, run no script that stands in a page, be framed by nobody. The
 * exceptions are what GraphiQL's editor needs: styles set by script, and images and fonts inside style sheets.
 * Transport security (HSTS) is left to whoever terminates TLS.
 */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Security headers on every answer. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
}
