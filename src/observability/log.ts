/** Where the parts that watch write what they have to say of themselves. */
export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;
