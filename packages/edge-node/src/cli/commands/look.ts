/** Commands that look at a running node: `status`, `members`, `leader`, `watch`. */
import type { ClusterStatus } from '@flotilla/cluster'
import type { Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { type Paint, plain, table } from '../terminal.ts'
import { isLeader, type Room, roomOf } from './running-node.ts'

export const status: Command = {
  name: 'status',
  takes: '<data-dir>',
  summary: 'how a running node is: role, term, log, who leads, what it waits for',
  details: 'Asks the node that runs on this data directory. Ends with 4 if none does.',
  options: {},
  async run({ operands: [dataDir = ''], terminal }) {
    const room = await roomOf(dataDir)
    terminal.tell({ room: room.room, ...room.status })
    terminal.say(statusText(room, terminal.paint))
    return ExitCode.done
  },
}

export const members: Command = {
  name: 'members',
  takes: '<data-dir>',
  summary: 'who belongs to the room: voters, learners, the leader, who is linked',
  details: '',
  options: {},
  async run({ operands: [dataDir = ''], terminal }) {
    const { status } = await roomOf(dataDir)
    for (const member of status.members) terminal.tell({ ...member, leader: isLeader(status, member) })
    terminal.say(membersText(status, terminal.paint))
    return ExitCode.done
  },
}

export const leader: Command = {
  name: 'leader',
  takes: '<data-dir>',
  summary: 'who leads, and in which term',
  details: 'Ends with 5 while nobody does.',
  options: {},
  async run({ operands: [dataDir = ''], terminal }) {
    const { status } = await roomOf(dataDir)
    const { leader, term, id } = status
    terminal.tell({ leader: leader ?? null, term, me: leader === id })
    if (leader === undefined) {
      if (!terminal.isJson)
        throw new CommandFailure(ExitCode.timeout, `nobody leads, in term ${term}`, waitingText(status))
      return ExitCode.timeout
    }
    terminal.say(`${nameOf(status, leader)} leads term ${term}${leader === id ? ': this node' : ''}`)
    return ExitCode.done
  },
}

const EVERY_MS = 500

export const watch: Command = {
  name: 'watch',
  takes: '<data-dir>',
  summary: 'a live table of the room; Ctrl-C ends it',
  details:
    'In a terminal it stays in its place. Into a file, and with --json, it writes whenever something has changed.',
  options: {},
  async run({ operands: [dataDir = ''], terminal, stop }) {
    const inPlace = process.stdout.isTTY === true && !terminal.isJson
    let shown = ''
    while (!stop.aborted) {
      const room = await roomOf(dataDir)
      const text = `${statusText(room, terminal.paint)}\n\n${membersText(room.status, terminal.paint)}`
      if (text !== shown) {
        shown = text
        terminal.tell({ room: room.room, ...room.status })
        terminal.say(inPlace ? `\u001b[H\u001b[2J${text}` : `${text}\n`)
      }
      await pause(EVERY_MS, stop)
    }
    return ExitCode.done
  },
}

function statusText({ room, status }: Room, paint: Paint): string {
  const { id, role, term, leader, lastIndex, commitIndex, lastApplied, snapshotIndex, state, failure } = status
  const rows = [
    ['room', plain(room)],
    ['node', nameOf(status, id)],
    ['state', failure === undefined ? state : `${state}: ${failure}`],
    ['role', `${role}, term ${term}`],
    ['leader', leader === undefined ? 'nobody' : nameOf(status, leader)],
    ['log', `to ${lastIndex}; committed ${commitIndex}, applied ${lastApplied}, snapshot ${snapshotIndex}`],
  ]
  const waiting = waitingText(status)
  return waiting === undefined ? table(rows) : `${table(rows)}\n${paint('yellow', waiting)}`
}

function waitingText(status: ClusterStatus): string | undefined {
  if (status.waitingFor === undefined) return undefined
  const { needed, missing } = status.waitingFor
  if (needed === 0) return 'no leader yet; those in reach are a majority'
  return `no majority: ${needed} more of ${missing.map(id => nameOf(status, id)).join(', ')} must come back`
}

function membersText(status: ClusterStatus, paint: Paint): string {
  const rows = status.members.map(member => [
    isLeader(status, member) ? '→' : '',
    plain(member.name),
    plain(member.id),
    member.voter ? 'votes' : 'learns',
    member.id === status.id ? 'this node' : member.link === 'none' ? 'not linked' : member.link,
  ])
  const [head, ...lines] = table([['', 'name', 'id', '', 'link'], ...rows]).split('\n')
  return [paint('dim', head ?? ''), ...lines].join('\n')
}

function nameOf({ members }: ClusterStatus, id: string): string {
  const name = members.find(member => member.id === id)?.name
  return name === undefined ? plain(id) : `${plain(name)} (${plain(id)})`
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    stop.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
