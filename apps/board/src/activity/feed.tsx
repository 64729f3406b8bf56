/** What happened, in the order of the log, newest on top; above it, what is not in the log yet. */
import { useHistory, usePending, useReplicated } from '@flotilla/react'
import type { Change, Happened } from '@flotilla/state'
import { memo } from 'react'
import { boardMachine, someone } from '../machine/board.ts'
import { type Saying, sayingOf } from '../machine/saying.ts'
import { Icon } from '../shell/icons.tsx'
import './feed.css'

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const SHOWN = 100

export function Feed() {
  const pending = usePending(boardMachine)
  const history = useHistory(boardMachine)
  const [board] = useReplicated(boardMachine)
  const numberOf = (id: string): number | undefined => history.find(each => each.id === id)?.index
  const happened = history.filter(({ index }) => index !== undefined).slice(-SHOWN)
  return (
    <section className="card feed" aria-label="Activity">
      <div className="head">
        <h2>Activity</h2>
        <span>in the order of the log</span>
      </div>
      <div className="scroll" tabIndex={-1}>
        {pending.length > 0 && (
          <>
            <h3>Not in the log yet</h3>
            <ul className="waiting">
              {pending.toReversed().map(change => (
                <li key={change.id}>
                  <Icon name={change.progress === 'sent' ? 'sent' : 'saved'} />
                  <span>
                    You <Said saying={sayingOf(change, board, numberOf)} />
                  </span>
                  <span className="when">{progressInWords(change)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        {happened.length === 0 ? (
          <p className="empty">Nothing yet. What anybody does appears here.</p>
        ) : (
          <ol>
            {happened.toReversed().map(each => (
              <Entry
                key={each.id}
                index={each.index}
                isUndone={each.isUndone}
                by={each.by}
                now={each.now}
                {...sayingOf(each, board, numberOf)}
              />
            ))}
          </ol>
        )}
      </div>
    </section>
  )
}

type EntryProps = Pick<Happened, 'index' | 'isUndone' | 'by' | 'now'> & Saying

/** Renders again when it is undone, or its card is called otherwise. */
const Entry = memo(function Entry({ index, isUndone, by, now, ...saying }: EntryProps) {
  return (
    <li>
      <span className="number">{index}</span>
      <Struck isStruck={isUndone}>
        <bdi>{someone(by)}</bdi> <Said saying={saying} />
      </Struck>
      <time dateTime={new Date(now).toISOString()}>{time.format(now)}</time>
    </li>
  )
})

export function Said({ saying: { verb, about, rest } }: { readonly saying: Saying }) {
  return (
    <>
      {verb} {about !== '' && <b dir="auto">{cut(about)}</b>} {rest}
    </>
  )
}

const MOST = 40

const cut = (title: string): string => (title.length > MOST ? `${title.slice(0, MOST - 1).trimEnd()}…` : title)

export function Struck({ isStruck, children }: { readonly isStruck: boolean; readonly children: React.ReactNode }) {
  return isStruck ? <s>{children}</s> : <span>{children}</span>
}

function progressInWords({ progress }: Change): string {
  switch (progress) {
    case 'unsaved':
      return 'not saved'
    case 'saved':
      return 'saved here'
    case 'sent':
      return 'sent'
    default:
      return ''
  }
}
