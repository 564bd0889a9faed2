/** `node --import ./test/support/log-imports.mjs`: says on standard error which packages a process loads. */
import { register } from 'node:module';

const hooks = `export async function resolve(specifier, context, next) {
  if (!/^[./]|^(node|file):/.test(specifier)) process._rawDebug('LOADED ' + specifier);
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
