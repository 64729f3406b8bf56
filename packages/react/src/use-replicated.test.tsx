// @vitest-environment happy-dom
/** Components on shared state: what they show, and how often they render. */
import { defineMachine } from '@flotilla/state'
import { act, type ReactNode, StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OneNodeRoom, oneNodeRoom } from './fixtures/one-node-room.ts'
import { ClusterProvider, useClusterStatus, usePeers, usePending, useReplicated } from './index.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const counters = defineMachine({
  name: 'counters',
  version: 1,
  initial: { a: 0, b: 0 },
  mutations: {
    add: (draft, which: 'a' | 'b') => {
      draft[which]++
    },
    clear: draft => {
      draft.a = 0
      draft.b = 0
    },
  },
})

let room: OneNodeRoom
let root: Root
let page: HTMLElement
const rendered = new Map<string, number>()
const count = (name: string): void => {
  rendered.set(name, (rendered.get(name) ?? 0) + 1)
}

beforeEach(async () => {
  rendered.clear()
  room = await oneNodeRoom(counters)
  page = document.createElement('main')
  document.body.append(page)
  root = createRoot(page)
})

afterEach(async () => {
  await act(async () => root.unmount())
  page.remove()
  await room.close()
})

async function show(children: ReactNode): Promise<void> {
  await act(async () => root.render(<ClusterProvider state={room.state}>{children}</ClusterProvider>))
}

function Counter({ which }: { readonly which: 'a' | 'b' }): ReactNode {
  const [value, mutate] = useReplicated(counters, state => state[which])
  count(which)
  return (
    <button type="button" onClick={() => mutate.add(which)}>
      {which} {value}
    </button>
  )
}

function Clear(): ReactNode {
  const [, { clear }] = useReplicated(counters)
  return <button type="button" onClick={clear} />
}

function Sum(): ReactNode {
  const [{ sum }] = useReplicated(
    counters,
    ({ a, b }) => ({ sum: a + b }),
    (x, y) => x.sum === y.sum,
  )
  count('sum')
  return sum
}

function Banner(): ReactNode {
  const { hasQuorum, leader, pending } = useClusterStatus()
  const peers = usePeers()
  const changes = usePending(counters)
  count('banner')
  return `${hasQuorum ? `led by ${leader}` : 'no majority'}, ${pending} pending, ${changes.map(({ progress }) => progress)}, ${peers.map(({ name }) => name)}`
}

describe('useReplicated', () => {
  it('shows a change at once, and renders only where what is selected is another', async () => {
    await show(
      <>
        <Counter which="a" />
        <Counter which="b" />
      </>,
    )
    const before = new Map(rendered)
    await act(async () => page.querySelector('button')?.click())
    expect(page.textContent).toBe('a 1b 0')
    expect(rendered.get('b')).toBe(before.get('b'))
    // Its commit changes nothing that is shown.
    await act(async () => expect.poll(() => room.state.pending().length).toBe(0))
    expect(rendered.get('a')).toBe((before.get('a') ?? 0) + 1)
    expect(page.textContent).toBe('a 1b 0')
  })

  it('gives mutations without an argument that are listeners as they are', async () => {
    await show(<Clear />)
    await act(async () => {
      await room.state.machine(counters).mutate.add('a').applied
    })
    await act(async () => page.querySelector('button')?.click())
    expect(room.state.machine(counters).current()).toEqual({ a: 0, b: 0 })
  })

  it('takes a selector that makes a new object each time, with an equality of its own', async () => {
    await show(<Sum />)
    await act(async () => {
      await room.state.machine(counters).mutate.add('a').applied
    })
    expect(page.textContent).toBe('1')
    expect(rendered.get('sum')).toBe(2)
  })

  it('is sound in StrictMode, and listens no more when it is gone', async () => {
    await show(
      <StrictMode>
        <Counter which="a" />
      </StrictMode>,
    )
    await act(async () => page.querySelector('button')?.click())
    expect(page.textContent).toBe('a 1')
    await show(null)
    const before = new Map(rendered)
    await act(async () => {
      await room.state.machine(counters).mutate.add('a').applied
    })
    expect(rendered).toEqual(before)
  })

  it('needs a provider, and says so', async () => {
    const lonely = createRoot(document.createElement('div'))
    await expect(act(async () => lonely.render(<Counter which="a" />))).rejects.toThrow('<ClusterProvider>')
    lonely.unmount()
  })
})

describe('what is known of the room', () => {
  it('is shown as it changes', async () => {
    await show(<Banner />)
    await act(async () => expect.poll(() => page.textContent).toBe('led by S1, 0 pending, , S1'))
    let change: Promise<unknown> | undefined
    await act(async () => {
      change = room.state.machine(counters).mutate.add('a').applied
    })
    await act(async () => {
      await change
    })
    expect(page.textContent).toBe('led by S1, 0 pending, , S1')
  })
})
