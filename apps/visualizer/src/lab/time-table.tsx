/** The same stretch of time to be read: every event, when it was, where, and what happened. A click goes there. */
import { useEffect, useRef } from 'react'
import { useSeats } from '../stage/stage.ts'
import { lab } from '../words/lab.ts'
import { useLab, useLabSession } from './lab-context.ts'
import { linkOf } from './why/causes.ts'

/** More rows than this are not read. */
const MOST_ROWS = 300

export default function TimeTable({ from, to }: { readonly from: number; readonly to: number }) {
  const session = useLabSession()
  const seats = useSeats()
  const step = useLab(state => state.step)
  useLab(state => state.count)
  const here = useRef<HTMLTableRowElement>(null)
  const { history, run } = session
  const name = (id: string) => seats.find(({ node }) => node.id === id)?.name ?? id
  const first = Math.max(0, history.stepAt(from))
  const rows = run.steps.slice(first, Math.min(history.stepAt(to) + 1, first + MOST_ROWS))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row of the cursor changes with it
  useEffect(() => {
    // Says when it is done, and an effect must return nothing but its end.
    void here.current?.scrollIntoView({ block: 'nearest' })
  }, [step])
  const words = lab().lanes
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="time-table" tabIndex={0} aria-label={words.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.event}</th>
            <th scope="col">{words.ms}</th>
            <th scope="col">{words.what}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.index} ref={row.index === step ? here : undefined} aria-current={row.index === step}>
              <td>{row.index}</td>
              <td>{row.at.toFixed(1)}</td>
              <td>
                <button type="button" onClick={() => session.goTo(row.index)}>
                  {history.ownSentence(row.index)?.text ?? linkOf(row, name).text}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
