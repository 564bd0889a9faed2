/** Signatures that prove who signed: with a shared secret (HS...) or none, those who can verify can also sign. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** An algorithm that proves who signed. */
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];
