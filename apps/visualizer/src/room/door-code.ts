/**
 * What two people compare before one lets the other's device in: the first letters of its node id, which in a shared room is
 * the hash of a key that only that device has.
 */
export function doorCode(id: string): string {
  const letters = id.replace(/[^a-z0-9]/gi, '').toUpperCase()
  return `${letters.slice(0, 4)} ${letters.slice(4, 8)}`.trim()
}
