/** What an operator's tools read: one JSON object a line. No command and no key is ever in it. */

export type EdgeLogEvent =
  | { readonly event: 'opening'; readonly room: string; readonly dataDir: string }
  | { readonly event: 'open'; readonly node: string; readonly carrier: boolean }
  | { readonly event: 'listening'; readonly address: string }
  | { readonly event: 'state'; readonly state: string; readonly reason: string | undefined }
  | { readonly event: 'otherKey'; readonly reason: string }
  | { readonly event: 'leader'; readonly leader: string | undefined; readonly term: number; readonly isMe: boolean }
  | { readonly event: 'longLog'; readonly entries: number }
  | { readonly event: 'failed'; readonly kind: string; readonly reason: string }
  | { readonly event: 'closing'; readonly signal: string | undefined }
  | { readonly event: 'closed' }

export type EdgeLog = (event: EdgeLogEvent) => void

export const jsonEdgeLog: EdgeLog = event => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`)
}
