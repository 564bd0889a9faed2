/**
 * What browsers are told: load nothing but our own files, run no script that stands in a page, be framed by nobody. The
 * exceptions are what GraphiQL's editor needs: styles set by script, and images and fonts inside style sheets.
 * Transport security (HSTS) is left to whoever terminates TLS.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

const addHeaders = helmet({
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

/**
 * The security headers of every answer: name, value, name, value ... They are the same for all, so helmet is asked once,
 * with a request that nobody sent.
 */
export function securityHeaders(): readonly string[] {
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  addHeaders(req, res, (error) => {
    if (error instanceof Error) throw error;
  });
  return Object.entries(res.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}
