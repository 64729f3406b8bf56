/**
 * Which pages may use the server. A browser tells the page's origin truly, so a stranger's page cannot make its visitors
 * use our server; a program that is no browser can say what it likes, and the limits are for that.
 */

/** `same`: the page came from this very host. Otherwise these origins, as a browser writes them (`https://host:port`). */
export type AllowedOrigins = 'same' | 'any' | readonly string[]

export function isAllowedOrigin(
  allowed: AllowedOrigins,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (allowed === 'any') return true
  if (origin === undefined) return false
  if (allowed === 'same') return host !== undefined && hostOf(origin) === host.toLowerCase()
  return allowed.includes(origin)
}

/** Of a header that anybody may have written: a log has so much of it, and nothing that a terminal would obey. Characters. */
export const MAX_TOLD_ORIGIN = 200

export function toldOrigin(origin: string): string {
  const shown = origin.slice(0, MAX_TOLD_ORIGIN).replace(/[^ -~]/g, '?')
  return origin.length > MAX_TOLD_ORIGIN ? `${shown}…` : shown
}

/** With its port, unless that is the scheme's own: as a browser puts it into `Host`. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}
