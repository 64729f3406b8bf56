/** Where this page's node may run: in a worker, where nothing that the page does holds it up, or in the page, where that cannot be. */
import type { HouseEnd, ToHouse } from './house.ts'
import { offThePage } from './off-the-page.ts'
import type { NodeProgram } from './program.ts'

export interface Place {
  readonly kind: 'worker' | 'page'
  readonly house: HouseEnd<ToHouse>
  /** For a node that cannot make connections. */
  readonly connections: MessagePort | undefined
  /** At once, and without a word to whoever is in there; its peers are told. */
  end(): void
}

/** @param failed it will never answer: its code cannot be loaded, or is wrong */
export function placeFor<Command, Result>(
  program: NodeProgram<Command, Result>,
  worker: (() => Worker) | undefined,
  failed: (why: string) => void,
): Place {
  const offPage = worker && offThePage(worker, failed)
  if (offPage === undefined) return inPage(program)
  const { worker: house, connections, end } = offPage
  return { kind: 'worker', house, connections, end }
}

function inPage<Command, Result>(program: NodeProgram<Command, Result>): Place {
  const { port1, port2 } = new MessageChannel()
  // Where a worker does it, its page needs none of this.
  void import('./in-page.ts').then(({ keepHouseInPage }) => keepHouseInPage(program, port2))
  return {
    kind: 'page',
    house: port1,
    connections: undefined,
    end: () => port1.close(),
  }
}
