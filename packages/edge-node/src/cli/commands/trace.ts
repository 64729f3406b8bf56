/** `flotilla trace`: records what the nodes of a room do, as a file that the Lab opens. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Watcher } from '@flotilla/client'
import type { Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { ToldTrace } from '../told-trace.ts'
import { OUTSIDE, outside } from './outside.ts'

/** How often it is looked whether anybody has told anything yet. */
const LOOK_EVERY_MS = 50

export const trace: Command = {
  name: 'trace',
  takes: '<room-link> [file]',
  summary: 'records what the nodes of a room do, as a trace that the Lab opens',
  details: [
    'Without a file it goes to the standard output. It begins with where each node stands, and ends with Ctrl-C, or after --seconds.',
    'What commands say is in it, cut to a few words. Who watches is no member; nodes tell as long as somebody does. Ends with 4 if',
    'nobody has told anything within --timeout.',
  ].join('\n'),
  options: {
    ...OUTSIDE,
    seconds: { type: 'string', value: '<seconds>', help: 'how long to record, from the first event on' },
  },
  async run(call) {
    const { operands, text, terminal, stop } = call
    const [link = '', file] = operands
    const forMs = secondsOf(text('seconds'))
    const told = new ToldTrace(performance.now())
    const watcher = new Watcher({
      seen: seen => told.take(seen, performance.now()),
      status: () => {},
      said: () => {},
    })
    const recorded = async ({ timeoutMs }: { readonly timeoutMs: number }, room: string): Promise<string> => {
      const until = performance.now() + timeoutMs
      while (told.events === 0 && !stop.aborted) {
        if (performance.now() > until)
          throw new CommandFailure(ExitCode.unreachable, 'no node of the room has told anything')
        await pause(LOOK_EVERY_MS)
      }
      if (!terminal.isJson && file !== undefined && forMs === undefined) terminal.complain('recording; Ctrl-C ends it')
      await (forMs === undefined ? stopped(stop) : Promise.race([pause(forMs), stopped(stop)]))
      return room
    }
    const room = await outside({ ...call, stop: never }, link, watcher, recorded)
    if (told.events === 0) throw new CommandFailure(ExitCode.unreachable, 'stopped before anybody had told anything')
    const content = told.text(`${room}, recorded by flotilla trace${told.isFull ? ' (cut off: too long)' : ''}`)
    if (file === undefined) {
      process.stdout.write(content)
      return ExitCode.done
    }
    writeFileSync(file, content)
    terminal.tell({ file, events: told.events, nodes: told.nodes, complete: !told.isFull })
    terminal.say(`${told.events} events of ${told.nodes} nodes in ${file}: open it in the Lab`)
    return ExitCode.done
  },
}

/** Here to be stopped is no failure: what was recorded until then is what was asked for. */
const never = new AbortController().signal

const stopped = async (stop: AbortSignal): Promise<void> => {
  if (!stop.aborted) await once(stop, 'abort')
}

const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

function secondsOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const seconds = Number(given)
  if (seconds > 0 && seconds <= 86_400) return seconds * 1_000
  throw new CommandFailure(ExitCode.usage, `--seconds must be a number up to 86400, not ${given}`)
}
