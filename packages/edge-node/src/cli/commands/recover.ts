/** `recover`: what is left when a majority of a room is gone for good. */
import type { ClusterStatus } from '@flotilla/cluster'
import type { Command } from '../command.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { plain } from '../terminal.ts'
import { ask, idOf, roomOf } from './running-node.ts'

export const recover: Command = {
  name: 'recover',
  takes: '<data-dir>',
  summary: 'founds another cluster out of this node’s disk, when a majority is gone for good',
  details: [
    'Without --abandon it says who is missing and what would be lost, changes nothing, and ends with 1. What a majority',
    'had committed and this node has not is lost, and so is what those who are given up have and this node has not. They',
    'are told so should they come back. Do it on one node only, the one whose log is longest; where those who are missing',
    'still run somewhere, there are two rooms afterwards. Others join it by the room’s link.',
  ].join('\n'),
  options: {
    abandon: { type: 'string', value: '<members>', help: 'all that are missing, by id or name, separated by commas' },
  },
  async run({ operands: [dataDir = ''], text, terminal }) {
    const { status } = await roomOf(dataDir)
    const given = text('abandon')
    if (given === undefined) throw new CommandFailure(ExitCode.failed, situation(status), advice(status))
    const abandon = given.split(',').map(name => idOf(status, name.trim()))
    await ask(dataDir, { ask: 'recover', abandon })
    terminal.tell({ done: true })
    terminal.say('this node is a cluster of its own now; those who were given up must join it as new nodes')
    return ExitCode.done
  },
}

function situation({ leader, waitingFor }: ClusterStatus): string {
  if (leader !== undefined) return 'the room has a leader: there is nothing to recover'
  if (waitingFor === undefined || waitingFor.needed === 0) return 'a majority is in reach: there is nothing to recover'
  const since = ` since ${new Date(waitingFor.since).toISOString()}`
  return `no majority${since}: ${waitingFor.needed} more of ${waitingFor.missing.length} that are missing must come back`
}

function advice({ id, lastIndex, leader, members, waitingFor }: ClusterStatus): string | undefined {
  if (leader !== undefined || waitingFor === undefined || waitingFor.needed === 0) return undefined
  const named = waitingFor.missing.map(missing => {
    const name = members.find(member => member.id === missing)?.name
    return name === undefined ? missing : `${plain(name)} (${missing})`
  })
  return [
    `Missing: ${named.join(', ')}.`,
    `If they are gone for good, and no other node has a longer log than this one (${id}, to entry ${lastIndex}):`,
    `  flotilla recover <data-dir> --abandon ${waitingFor.missing.join(',')}`,
    'What only they have is lost.',
  ].join('\n')
}
