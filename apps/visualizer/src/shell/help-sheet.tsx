/** What the marks mean, and every key. */
import type { ReactNode } from 'react'
import { CrownMark, MessageMark } from '../ring/shapes.tsx'
import { useUi } from '../store/ui-store.ts'
import { KEYS } from './keys.ts'

export default function HelpSheet() {
  const shortcuts = useUi(state => state.shortcuts)
  const setShortcuts = useUi(state => state.setShortcuts)
  return (
    <div className="help">
      <Signs />
      <div>
        <table>
          <tbody>
            {KEYS.map(({ keys, does }) => (
              <tr key={does}>
                <th scope="row">
                  {keys.map(key => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </th>
                <td>{does}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <label className="help-switch">
          <input type="checkbox" checked={shortcuts} onChange={event => setShortcuts(event.target.checked)} />
          Use single-key shortcuts
        </label>
      </div>
    </div>
  )
}

/** The marks of the picture, wherever it is shown. */
export function Signs() {
  return (
    <dl>
      <Mark sign={<CrownMark />}>The leader: a heavy ring and a crown. Others follow it.</Mark>
      <Mark sign={<i className="sample candidate" />}>
        A candidate: a dashed ring; its votes are dots around it, filled for yes, crossed for no.
      </Mark>
      <Mark sign={<i className="sample learner">L</i>}>A learner: gets the log, but does not vote yet.</Mark>
      <Mark sign={<i className="sample timer" />}>The election timer: when it is empty, the node campaigns.</Mark>
      <Mark sign={<MessageMark kind="append" />}>AppendEntries with entries. Hollow shapes are answers.</Mark>
      <Mark sign={<MessageMark kind="vote" />}>A request for a vote.</Mark>
      <Mark sign={<MessageMark kind="heartbeat" />}>A heartbeat: AppendEntries without entries.</Mark>
      <Mark sign={<MessageMark kind="snapshot" />}>A piece of a snapshot.</Mark>
      <Mark sign={<i className="sample committed">4</i>}>
        A committed entry, solid. Its number and its colour are its term.
      </Mark>
      <Mark sign={<i className="sample uncommitted">4</i>}>On this disk, but not committed: it may still vanish.</Mark>
      <Mark sign={<i className="sample volatile">4</i>}>Not on disk yet: a crash now would lose it.</Mark>
    </dl>
  )
}

function Mark({ sign, children }: { readonly sign: ReactNode; readonly children: ReactNode }) {
  return (
    <div>
      <dt aria-hidden="true">{sign}</dt>
      <dd>{children}</dd>
    </div>
  )
}
