/** Changes that did not come about, each with the reason and what can be done. They stay until they have been seen. */
import { useReplicated } from '@flotilla/react'
import { boardMachine } from '../machine/board.ts'
import { rankAt } from '../machine/order.ts'
import { cardOfChange, inWords, sayingOf } from '../machine/saying.ts'
import { watched } from '../room/changing.ts'
import { useSession } from '../room/room-context.ts'
import { Icon } from './icons.tsx'
import { type Refusal, useUi } from './ui.ts'

export function Refusals() {
  const refusals = useUi(ui => ui.refusals)
  return (
    <div role="alert" className="refusals">
      {refusals.slice(-3).map(refusal => (
        <Notice key={refusal.change.id} refusal={refusal} />
      ))}
    </div>
  )
}

function Notice({ refusal }: { readonly refusal: Refusal }) {
  const { change, reason } = refusal
  const session = useSession()
  const [board, mutate] = useReplicated(boardMachine)
  const forget = useUi(ui => ui.forget)
  const written = writtenBy(refusal)
  const keep = (): void => {
    const { columns, cards } = session.board.current()
    const column = cards[cardOfChange(change) ?? '']?.column ?? columns[0]?.id
    if (column === undefined || written === undefined) return
    const title = written.replace(/\s+/g, ' ').trim().slice(0, 200)
    watched(
      mutate.addCard({ id: crypto.randomUUID(), title, column, rank: rankAt(session.board.current(), column, 0) }),
    )
    forget(refusal)
  }
  return (
    <div className="refusal">
      <Icon name="warning" />
      <p>
        <strong>Not done:</strong> you {inWords(sayingOf(change, board, () => undefined))}. {reason}
      </p>
      {written !== undefined && (
        <button type="button" className="button small" onClick={keep}>
          Keep as a new card
        </button>
      )}
      <button type="button" className="button quiet small" onClick={() => forget(refusal)}>
        {written === undefined ? 'All right' : 'Discard'}
      </button>
    </div>
  )
}

/** What a person typed, and would lose. */
function writtenBy({ change: { what } }: Refusal): string | undefined {
  if (what.kind !== 'mutate' || typeof what.args !== 'object' || what.args === null) return undefined
  const text: unknown = Reflect.get(what.args, 'text') ?? Reflect.get(what.args, 'title')
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}
