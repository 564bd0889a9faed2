/** Refusals of ours: EnOS was not asked, or has answered more than the caller may see. */
export class AccessError extends Error {
  constructor(
    readonly code: 'FORBIDDEN' | 'NOT_FOUND',
    message: string,
    /** The right that is missing, where it is one. */
    readonly right: string | null = null,
  ) {
    super(message);
    this.name = 'AccessError';
  }
}

/** The caller lacks a right. */
export function rightMissing(right: string): AccessError {
  return new AccessError('FORBIDDEN', `You lack the right ${right}.`, right);
}

/** Another organization than the caller's. */
export function foreignOrganization(orgId: string): AccessError {
  return new AccessError('FORBIDDEN', `Organization "${orgId}" is not yours to ask about.`);
}

/**
 * An asset, or something that belongs to one, that the caller may not see. Said in the same words of what does not exist, so
 * that nobody can find out what there is by asking.
 */
export function unseen(what: string, id: string): AccessError {
  return new AccessError('NOT_FOUND', `There is no ${what} "${id}" that you may see.`);
}

/** The root of a tree that the caller may see a part of. */
export function rootUnseen(): AccessError {
  return new AccessError('FORBIDDEN', 'The root of this tree is not among the assets that you may see.');
}
