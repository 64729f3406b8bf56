/**
 * The certificate that a session description vouches for, as `sha-256 AB:CD:…` in lower case. `undefined` if it names none
 * or several, or only by a hash that can be forged: such a channel cannot be told from another.
 */
export function fingerprintIn(sdp: string | undefined): string | undefined {
  const named = new Set<string>()
  for (const [, hash = '', value = ''] of (sdp ?? '').matchAll(/^a=fingerprint:(\S+) ([0-9A-Fa-f:]+)\s*$/gm)) {
    named.add(`${hash} ${value}`.toLowerCase())
  }
  const [only] = named
  return named.size === 1 && only !== undefined && /^sha-(256|384|512) /.test(only) ? only : undefined
}
