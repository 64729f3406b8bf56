/** A zustand store that everybody in the room has. Open it in several tabs. */
import { openNode } from '@flotilla/browser-node'
import { replicate } from '@flotilla/react/zustand'
import { stateOf } from '@flotilla/state'
import { createRoot } from 'react-dom/client'
import { create } from 'zustand'
import { program } from './program.ts'

interface Notes {
  readonly notes: Readonly<Record<string, string>>
  readonly write: (name: string, text: string) => void
}

const state = openNode({
  room: new URLSearchParams(location.hash.slice(1)).get('room') ?? 'zustand',
  program,
  worker: () => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' }),
}).then(node => stateOf(node))

const useNotes = create<Notes>()(
  replicate(
    set => ({
      notes: {},
      write: (name, text) => set(({ notes }) => ({ notes: { ...notes, [name]: text } })),
    }),
    { name: 'notes', state },
  ),
)

function App() {
  const { notes, write } = useNotes()
  return (
    <>
      {['one', 'two'].map(name => (
        <p key={name}>
          <label>
            {name} <input value={notes[name] ?? ''} onChange={event => write(name, event.target.value)} />
          </label>
        </p>
      ))}
    </>
  )
}

const element = document.getElementById('root')
if (element) createRoot(element).render(<App />)
