/** TLS: a gateway under a private authority is trusted with that authority's certificate, and not without. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnosClient } from '../../src/enos/client.js';
import { createEnosClient } from '../../src/enos/create-client.js';
import { FakeGateway } from '../support/fake-gateway.js';

const folder = mkdtempSync(join(tmpdir(), 'enos-tls-'));
let gateway: FakeGateway | undefined;

/** Makes a certificate for the loopback address; false where there is no openssl to make it with. */
function makeCertificate(): boolean {
  const names = ['-subj', '/CN=test gateway', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files],
      {
        stdio: 'pipe',
      },
    );
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.stderr.write(
      'SKIPPED: openssl is not installed, so TLS with a private authority is not tested\n',
    );
    return false;
  }
}

const tls = makeCertificate() ? test : test.skip;

afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

tls('a private authority is trusted where it is named, and only there', async () => {
  const key = readFileSync(join(folder, 'key.pem'));
  const cert = readFileSync(join(folder, 'cert.pem'));
  gateway = await FakeGateway.start((listener) => createServer({ key, cert }, listener));
  const url = gateway.url.replace('http:', 'https:');
  const call = async (caFile?: string) => {
    const client: EnosClient = createEnosClient({ url, accessKey: 'access', secretKey: 'secret', caFile });
    const query = { orgId: 'o1', assetId: 'a1' };
    return client.call('asset.getAsset', { query }).finally(() => client.close());
  };
  expect((await call(join(folder, 'cert.pem'))).data).toEqual({});
  await expect(call()).rejects.toMatchObject({ kind: 'unavailable', message: 'EnOS cannot be reached' });
});

test('a file of certificates that cannot be read is told at once', () => {
  const options = {
    url: 'https://gateway',
    accessKey: 'a',
    secretKey: 's',
    caFile: join(folder, 'none.pem'),
  };
  expect(() => createEnosClient(options)).toThrow('ENOENT');
});
