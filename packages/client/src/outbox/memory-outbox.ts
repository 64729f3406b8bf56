/** An outbox's disk in memory, for tests and simulations: tabs of one browser share it, and what a tab was writing when it died is lost. */
import { StorageError } from '@flotilla/cluster'
import {
  firstLineState,
  type HeldLine,
  type KeptCommand,
  type LineChange,
  type LineState,
  type LostCommand,
  type OutboxStore,
} from './store.ts'

interface Line {
  readonly id: string
  state: LineState
  commands: readonly KeptCommand[]
  usedAt: number
  holder: symbol | undefined
}

export interface MemoryOutbox {
  /** As one tab has it. `crash`: its lines are anybody's, and nothing of it is written any more. */
  tab(): OutboxStore & { crash(): void }
  /** While true, nothing can be written. */
  isFull: boolean
  /** How long a write takes: called with what is to be done then. Default: a microtask. */
  later: (run: () => void) => void
  /** Commands that are kept, of all lines. */
  readonly kept: number
}

export function memoryOutbox(): MemoryOutbox {
  const lines: Line[] = []
  let lost: LostCommand[] = []
  let clock = 0

  const outbox: MemoryOutbox = {
    isFull: false,
    later: run => queueMicrotask(run),
    get kept() {
      return lines.reduce((sum, { commands }) => sum + commands.length, 0)
    },
    tab() {
      const self = Symbol('tab')
      let isDead = false

      const write = (line: Line, { state, added, lost: more }: LineChange): Promise<void> =>
        new Promise((resolve, reject) => {
          const copies = added.map(({ number, data }) => ({ number, data: data.slice() }))
          outbox.later(() => {
            if (isDead) return
            if (outbox.isFull) return reject(new StorageError('QuotaExceeded', 'the disk is full'))
            line.state = state
            line.usedAt = ++clock
            line.commands = [...line.commands, ...copies].filter(({ number }) => number > state.doneUpTo)
            lost = [...lost, ...more.map(each => ({ ...each, line: line.id, data: each.data.slice() }))]
            resolve()
          })
        })
      const hold = (line: Line): HeldLine => {
        line.holder = self
        const { id, state, commands } = line
        return {
          id,
          state,
          commands,
          write: change => write(line, change),
          release: () => {
            if (line.holder === self) line.holder = undefined
          },
        }
      }
      const free = (): Line[] => lines.filter(({ holder }) => holder === undefined).sort((a, b) => b.usedAt - a.usedAt)
      return {
        async take() {
          const [line = { id: `line-${lines.length}`, state: firstLineState, commands: [], usedAt: 0, holder: self }] =
            free()
          if (!lines.includes(line)) lines.push(line)
          return hold(line)
        },
        async takeOrphan() {
          const found = free().findLast(({ commands }) => commands.length > 0)
          return found && hold(found)
        },
        lost: async () => lost,
        async forget({ line, number }) {
          lost = lost.filter(each => each.line !== line || each.number !== number)
        },
        crash() {
          isDead = true
          for (const line of lines) if (line.holder === self) line.holder = undefined
        },
      }
    },
  }
  return outbox
}
