/** A command's beginning: somebody's text, or bytes that are none. */
import type { Preview } from '@flotilla/cluster/inspection'
import { stored as words } from '../words/stored.ts'

export function PreviewText({ preview }: { readonly preview: Preview }) {
  const end = preview.isCut ? '…' : ''
  if ('text' in preview)
    return (
      <bdi className="stored-text">
        {preview.text}
        {end}
      </bdi>
    )
  return (
    <>
      {words().bytes(preview.bytes)}: <code>{preview.hex + end}</code>
    </>
  )
}
