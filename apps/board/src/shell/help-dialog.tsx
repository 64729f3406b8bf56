/** Keys, and what the signs mean. */
import { Dialog } from './dialog.tsx'
import { Icon } from './icons.tsx'
import { useUi } from './ui.ts'
import './help-dialog.css'

const keys = [
  ['N', 'a new card'],
  ['↑ ↓ ← →', 'from card to card'],
  ['Enter', 'open the card'],
  ['Space', 'pick the card up, and put it down'],
  ['Esc', 'put it back, or close'],
  ['Ctrl Z', 'undo your own last change'],
  ['/', 'find a card'],
  ['?', 'this'],
] as const

export default function HelpDialog() {
  const openDialog = useUi(ui => ui.openDialog)
  return (
    <Dialog title="Keys and signs" onClose={() => openDialog(undefined)}>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>What a card says</h3>
      <dl className="keys">
        <div>
          <dt>
            <Icon name="saved" /> Saved here
          </dt>
          <dd>on this device: nobody else is known to have it</dd>
        </div>
        <div>
          <dt>
            <Icon name="sent" /> Sent
          </dt>
          <dd>another has it too, and not yet a majority</dd>
        </div>
        <div>
          <dt>Nothing</dt>
          <dd>committed: everybody has it or will</dd>
        </div>
      </dl>
    </Dialog>
  )
}
