/** Name of a right: what it is about, and what may be done with it. `rights.ts` lists those that there are. */
export type Right = `${string}:${'read' | 'write' | 'control' | 'all'}`;
