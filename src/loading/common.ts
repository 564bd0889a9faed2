/** Shapes that all loaders share. */

/** Text in several languages, tolerant of what EnOS leaves out: any part may be missing or null. */
export interface I18nText {
  defaultValue?: string | null;
  i18nValue?: Readonly<Record<string, string | null>> | null;
}

/** Which part of a list is wanted. */
export interface Window {
  /** Index of the first item, from 0. */
  offset: number;
  /** Most items to return; 0 asks for the total only. */
  limit: number;
}

/** A part of a list. */
export interface Slice<T> {
  items: T[];
  /** Index of the first item, from 0. */
  offset: number;
  totalCount: number;
}

/** A condition on a name: a part of it, in one language, or in any where `locale` is absent. */
export interface NameFilter {
  contains: string;
  /** `default`, `zh_CN`, `en_US`, `ja_JP`, `es_ES`. */
  locale?: string;
}

/** A condition on one tag: has the value, has one of the values, contains the text, or is merely there. */
export interface TagFilter {
  key: string;
  equals?: string;
  in?: readonly string[];
  contains?: string;
  exists?: boolean;
}

/**
 * An argument that cannot be served: the caller's mistake or a limit of ours or of EnOS. Maps to BAD_USER_INPUT.
 * The message names the argument and what was expected.
 */
export class InputError extends Error {
  constructor(
    message: string,
    /** The argument or field at fault, e.g. `filter.name`. */
    readonly argument: string | null = null,
  ) {
    super(message);
    this.name = 'InputError';
  }
}

/** What is to be written does not fit what there is: another has changed it since, or it is in a state that forbids it. */
export class ConflictError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConflictError';
  }
}
