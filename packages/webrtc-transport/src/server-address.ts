/** Where a signalling server is: `wss://host/signaling`. */

/** Whether a WebSocket of any browser can be opened to it: absolute, of `ws:` or `wss:`, and without a fragment. */
export function isServerAddress(url: unknown): url is string {
  return typeof url === 'string' && /^wss?:\/\/[^#]+$/i.test(url) && URL.canParse(url)
}

/** For messages: what may be a secret is not in it. */
export function toldAddress(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//')
}
