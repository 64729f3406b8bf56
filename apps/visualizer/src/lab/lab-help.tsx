/** What the marks mean, and every key. */

import { Dialog } from '../shell/dialog.tsx'
import { Signs } from '../shell/help-sheet.tsx'
import { useUi } from '../store/ui-store.ts'
import { LAB_KEYS } from './lab-keys.ts'

export function LabHelp() {
  const open = useUi(state => state.helpOpen)
  const setOpen = useUi(state => state.setHelpOpen)
  const shortcuts = useUi(state => state.shortcuts)
  const setShortcuts = useUi(state => state.setShortcuts)
  return (
    <Dialog title="The Lab" open={open} onClose={() => setOpen(false)}>
      <div className="help">
        <Signs />
        <div>
          <table>
            <tbody>
              {LAB_KEYS.map(({ keys, does }) => (
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
    </Dialog>
  )
}
