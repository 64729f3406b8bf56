/** Bytes of an application, of which nothing is known: as what they are most likely meant to be. */

export type Shown =
  | { readonly kind: 'json'; readonly value: unknown; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly base64: string }

export function shown(bytes: Uint8Array): Shown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { kind: 'bytes', base64: Buffer.from(bytes).toString('base64') }
  }
  try {
    return { kind: 'json', value: JSON.parse(text), text }
  } catch {
    return { kind: 'text', text }
  }
}

/** For `--json`: a value as it is, a text as one, and bytes told from both. */
export function forPrograms(bytes: Uint8Array): unknown {
  const it = shown(bytes)
  if (it.kind === 'json') return it.value
  return it.kind === 'text' ? it.text : { base64: it.base64 }
}
