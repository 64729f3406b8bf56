/** Live's help: every mark, and every key. */
import { useMayAct } from '../store/live-context.ts'
import { useUi } from '../store/ui-store.ts'
import { sheets } from '../words/sheets.ts'
import { KEYS } from './keys.ts'
import { Signs } from './signs.tsx'
import './help.css'

export default function HelpSheet() {
  return (
    <div className="help">
      <Signs />
      <Keys />
    </div>
  )
}

function Keys() {
  const mayAct = useMayAct()
  const shortcuts = useUi(state => state.shortcuts)
  const setShortcuts = useUi(state => state.setShortcuts)
  return (
    <section>
      <h3>{sheets().keysTitle}</h3>
      <table>
        <tbody>
          {KEYS.filter(({ acts }) => mayAct || acts === undefined).map(({ keys, does }) => (
            <tr key={does}>
              <th scope="row">
                {keys.map(key => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{sheets().keys[does]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className="help-switch">
        <input type="checkbox" checked={shortcuts} onChange={event => setShortcuts(event.target.checked)} />
        {sheets().shortcuts}
      </label>
    </section>
  )
}
