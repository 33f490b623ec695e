/** Remembers which numbers were seen, without storing them all. */
export type ReplayWindow = {
  /** True when the number is new and not too old; changes nothing. */
  isFresh(counter: number): boolean;
  /** Records the number; true when it was fresh. */
  accept(counter: number): boolean;
};

/**
 * The anti-replay window of RFC 4303 §3.4.3: numbers rise, may arrive a little out of order, and each is accepted once.
 * A number that is `size` or more below the highest is refused, whether it was seen or not. Only numbers of verified
 * calls may be passed to `accept`.
 */
export function replayWindow(size = 1024): ReplayWindow {
  const seen = new Uint8Array(size);
  let highest = 0;
  const isFresh = (counter: number): boolean => {
    if (!Number.isSafeInteger(counter) || counter < 1) return false;
    if (counter > highest) return true;
    return highest - counter < size && seen[counter % size] === 0;
  };
  const accept = (counter: number): boolean => {
    if (!isFresh(counter)) return false;
    if (counter > highest) {
      if (counter - highest >= size) seen.fill(0);
      else for (let skipped = highest + 1; skipped < counter; skipped++) seen[skipped % size] = 0;
      highest = counter;
    }
    seen[counter % size] = 1;
    return true;
  };
  return { isFresh, accept };
}
