/** What a key may be made of. */
export type KeyPart =
  string | number | boolean | null | undefined | readonly KeyPart[] | { readonly [name: string]: KeyPart };
