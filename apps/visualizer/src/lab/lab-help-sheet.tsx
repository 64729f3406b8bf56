/** What the marks mean, and every key: fetched when somebody asks. */
import { Signs } from '../shell/signs.tsx'
import { useUi } from '../store/ui-store.ts'
import { lab } from '../words/lab.ts'
import { LAB_KEYS } from './lab-keys.ts'
import '../shell/help.css'

export default function LabHelpSheet() {
  const shortcuts = useUi(state => state.shortcuts)
  const setShortcuts = useUi(state => state.setShortcuts)
  return (
    <div className="help">
      <Signs />
      <div>
        <table>
          <tbody>
            {LAB_KEYS.map(({ keys, does }) => (
              <tr key={does}>
                <th scope="row">
                  {keys.map(key => (
                    <kbd key={key}>{key === 'space' ? lab().keys.space : key}</kbd>
                  ))}
                </th>
                <td>{lab().keys[does]}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <label className="help-switch">
          <input type="checkbox" checked={shortcuts} onChange={event => setShortcuts(event.target.checked)} />
          {lab().shortcuts}
        </label>
      </div>
    </div>
  )
}
