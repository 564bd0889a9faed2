import { redact, secretsIn } from '../../src/enos/reply/redact.js';

test.each([
  ['Invalid Argument assetId: not found', 'Invalid Argument assetId: not found'],
  ['key SECRET/1 and SECRET%2F1 refused', 'key *** and *** refused'],
  ['a\r\nb\u0000c\u202e', 'a b c'],
  ['failed: http://tsdb-01.internal:8080/x?y refused', 'failed: *** refused'],
  ['jdbc:mysql://db/enos down, host 10.12.0.3:9092 too', '*** down, host *** too'],
  ['tsdb.prod.svc.cluster.local and db.example.com:5432 time out', '*** and *** time out'],
  ['system.internal.error', 'system.internal.error'],
  ['%2F%2F10.1.2.3%3A80', '%2F%2F***%3A80'],
  ['Boom\n\tat com.enos.Tsdb.read(Tsdb.java:12)\n\tat x.Y(Z)', 'Boom'],
  ['file enos-connect://abc stays, version 2.1.0 too', 'file enos-connect://abc stays, version 2.1.0 too'],
])('%j becomes %j', (text, safe) => {
  expect(redact(text, ['SECRET/1', ''])).toBe(safe);
});

test('length is bounded, and a cut leaves no half of a secret', () => {
  expect(redact('x'.repeat(5000), [])).toHaveLength(500);
  expect(redact(`${'x'.repeat(490)}CANARY-CANARY`, ['CANARY-CANARY'])).not.toContain('CAN');
  expect(redact('longer secret', ['secret', 'longer secret'])).toBe('***');
});

test('texts under secret names are secrets', () => {
  const query = { refreshToken: 'rrrr', orgId: 'o1' };
  const body = { account: 'me', password: 'pppp', secretKey: 5, token: 'x' };
  expect(secretsIn(query, body, undefined, null, 'text', [{ password: 'in a list' }])).toEqual([
    'rrrr',
    'pppp',
  ]);
});
