/** Shared, ordered, offline-first state in a React app. Open it in several tabs. */
import { openNode } from '@flotilla/browser-node'
import { ClusterProvider, useReplicated } from '@flotilla/react'
import { stateOf } from '@flotilla/state'
import { createRoot } from 'react-dom/client'
import { program, todos } from './program.ts'

function Todos() {
  const [list, mutate] = useReplicated(todos)
  return (
    <>
      <button type="button" onClick={() => mutate.add(`todo ${list.length + 1}`)}>
        Add
      </button>
      <ul>
        {list.map(text => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  )
}

const node = await openNode({
  room: new URLSearchParams(location.hash.slice(1)).get('room') ?? 'minimal',
  program,
  worker: () => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' }),
})
const element = document.getElementById('root')
if (element) {
  createRoot(element).render(
    <ClusterProvider state={stateOf(node)}>
      <Todos />
    </ClusterProvider>,
  )
}
