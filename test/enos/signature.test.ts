/** The rule of contract/token.yaml, proven by the vectors that stand there. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  encryption,
  signature as signatureOf,
  signedText,
  type SignatureInput,
  type SignedQuery,
} from '../../src/enos/request/signature.js';

type Input = Omit<SignatureInput, 'signedText'> & { query: SignedQuery; body: string | null };

const signature = ({ query, body, ...input }: Input): string =>
  signatureOf({ ...input, signedText: signedText(query, body) });

interface SigningVector {
  name: string;
  accessToken: string;
  appSecret: string;
  timestamp: string;
  url: string;
  body?: string;
  signature: string;
}

const { info } = parse(readFileSync('src/enos/contract/token.yaml', 'utf8')) as {
  info: {
    'x-enos-signing': { testVectors: SigningVector[]; documentedExample: { digest: string } };
    'x-enos-encryption': {
      testVector: { appKey: string; appSecret: string; timestamp: string; encryption: string };
    };
  };
};
const vectors = info['x-enos-signing'].testVectors;

test('the contract holds vectors with and without a body', () => {
  expect(vectors.map(({ body }) => body !== undefined)).toEqual([true, false]);
});

test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
  const query = [...new URL(vector.url, 'https://gateway').searchParams];
  const { accessToken, appSecret: secretKey, timestamp, body = null } = vector;
  expect(signature({ accessToken, secretKey, timestamp, query, body })).toBe(vector.signature);
});

test("the worked example of EnOS's documentation", () => {
  const query = [...new URLSearchParams('k3=v3&k1=v1&k2=v2')];
  const body = '{\n  "count": 20,\n  "page": 1,\n  "desc": "描述"\n}';
  const input = { accessToken: 'xxxxaaaxxxx', secretKey: 'xxxappSecretxxx', timestamp: '1572574909697' };
  expect(signature({ ...input, query, body })).toBe(info['x-enos-signing'].documentedExample.digest);
});

test('encryption of the token service', () => {
  const { appKey, timestamp, appSecret, ...vector } = info['x-enos-encryption'].testVector;
  expect(encryption(appKey, Number(timestamp), appSecret)).toBe(vector.encryption);
});

const INPUT = { accessToken: 't', secretKey: 's', timestamp: '1', body: null };

test('a repeated name counts once, with its first value; order of parameters does not count', () => {
  const once = signature({
    ...INPUT,
    query: [
      ['a', '1'],
      ['B', '2'],
    ],
  });
  expect(
    signature({
      ...INPUT,
      query: [
        ['B', '2'],
        ['a', '1'],
        ['a', '3'],
      ],
    }),
  ).toBe(once);
  expect(
    signature({
      ...INPUT,
      query: [
        ['B', '2'],
        ['a', '3'],
      ],
    }),
  ).not.toBe(once);
});

test('whitespace of the body counts, an empty object is not an absent body', () => {
  const sign = (body: string | null) => signature({ ...INPUT, query: [], body });
  expect(new Set([sign(null), sign('{}'), sign('{ }')]).size).toBe(3);
});
