/** What became of each write of this tab: the latest three in sight, and the rest by scrolling. */
import { useLive } from '../store/live-context.ts'
import type { Write } from '../store/live-store.ts'
import { termStyle } from '../style/term-colour.ts'
import { live } from '../words/live.ts'

export function Writes() {
  const writes = useLive(state => state.writes)
  return (
    <ol className="kv-writes" tabIndex={writes.length > 0 ? 0 : undefined} aria-label={live().values.yours}>
      {writes.length === 0 && <li className="kv-hint">{live().values.fates}</li>}
      {writes.map(write => (
        <WriteLine key={write.id} write={write} />
      ))}
    </ol>
  )
}

function WriteLine({ write: { key, value, fate } }: { readonly write: Write }) {
  return (
    <li className={`kv-write ${fate.kind}`}>
      <span className="kv-what" title={`${key} ← ${value}`}>
        <bdi>{key}</bdi> ← <bdi>{value}</bdi>
      </span>
      {fate.kind === 'sending' && <span className="kv-fate">{live().values.sending}</span>}
      {fate.kind === 'committed' && (
        <span className="kv-fate">
          ✓ {live().values.committed(fate.index)}{' '}
          <span className="term-chip" style={termStyle(fate.term)}>
            {fate.term}
          </span>
        </span>
      )}
      {fate.kind === 'failed' && (
        <span className="kv-fate">
          <strong>✗ {fate.problem.title}</strong> {fate.problem.advice}
        </span>
      )}
    </li>
  )
}
