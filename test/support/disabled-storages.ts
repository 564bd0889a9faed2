/** Counts how many stores of asynchronous context are given up while a test runs; `restore` ends the counting. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Begins to count. */
export function countDisabledStorages(): { count(): number; restore(): void } {
  const { prototype } = AsyncLocalStorage;
  const original = Object.getOwnPropertyDescriptor(prototype, 'disable')?.value as () => void;
  let disabled = 0;
  prototype.disable = function (this: AsyncLocalStorage<unknown>) {
    disabled += 1;
    original.call(this);
  };
  return {
    count: () => disabled,
    restore: () => {
      prototype.disable = original;
    },
  };
}
