/** A shopping list that everybody in the room has, also without a network; and how it is tested: `tests/`. */
import { openNode } from '@flotilla/browser-node'
import { forTests } from '@flotilla/playwright/app'
import { ClusterProvider, useClusterStatus, useReplicated } from '@flotilla/react'
import { stateOf } from '@flotilla/state'
import { createRoot } from 'react-dom/client'
import { program, shopping } from './program.ts'

function List() {
  const [items, mutate] = useReplicated(shopping)
  const { hasQuorum, pending } = useClusterStatus()
  return (
    <>
      <p role="status">{hasQuorum ? 'Everybody has it.' : `Kept here: ${pending} changes wait for the others.`}</p>
      <form
        action={data => {
          mutate.add(String(data.get('text')))
        }}
      >
        <input name="text" aria-label="What is needed" required />
      </form>
      <ul>
        {items.map(({ id, text, isBought }) => (
          <li key={id}>
            <label>
              <input type="checkbox" checked={isBought} disabled={isBought} onChange={() => mutate.buy(id)} /> {text}
            </label>
          </li>
        ))}
      </ul>
    </>
  )
}

const node = await openNode({
  room: 'shopping',
  program,
  worker: () => new Worker(new URL('./node.worker.ts', import.meta.url), { type: 'module' }),
  ...forTests(),
})
const element = document.getElementById('root')
if (element) {
  createRoot(element).render(
    <ClusterProvider state={stateOf(node)}>
      <List />
    </ClusterProvider>,
  )
}
