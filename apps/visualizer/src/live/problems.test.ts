import {
  ClusterError,
  type MemberStatus,
  NodesDamaged,
  type ObstacleKind,
  OpenTimeout,
  StorageError,
  TransportError,
} from '@flotilla/cluster'
import { describe, expect, it } from 'vitest'
import { InvalidWrite } from '../machine/invalid-write.ts'
import type { Browser } from './browser.ts'
import { lastingProblem, problemOf } from './problems.ts'

const whole: Browser = {
  isSecure: true,
  hasLocks: true,
  hasDatabase: true,
  hasWebRtc: true,
  hasBroadcastChannel: true,
}
const storage = (kind: ConstructorParameters<typeof StorageError>[0]) =>
  new ClusterError('StorageFailed', 'no database can be opened', { cause: new StorageError(kind, 'why') })

describe('advice', () => {
  it('names what the browser lacks rather than the call that failed for it', () => {
    const failed = storage('Unavailable')
    expect(problemOf(failed, { ...whole, hasLocks: false }).problem.title).toMatch(/no Web Locks/)
    expect(problemOf(failed, { ...whole, hasLocks: false, isSecure: false }).problem.advice).toMatch(/https/)
    expect(problemOf(failed, { ...whole, hasDatabase: false }).problem.title).toMatch(/no IndexedDB/)
    expect(problemOf(failed, whole).problem.title).toBe('This node’s database is gone, or cannot be used.')
  })

  it('offers a new room where this one cannot be had', () => {
    const newRoom = { remedy: 'newRoom' }
    expect(problemOf(new ClusterError('InvalidRoom', 'no name'), whole).problem).toMatchObject(newRoom)
    expect(problemOf(new ClusterError('RoomFull', 'full'), whole).problem).toMatchObject(newRoom)
    expect(problemOf(new NodesDamaged([]), whole).problem).toMatchObject(newRoom)
  })

  it('says what does not answer when a room does not open', () => {
    const titles = (['lock', 'disk', 'transport'] as const).map(
      step => problemOf(new OpenTimeout(step, 20_000), whole).problem.title,
    )
    expect(titles).toEqual([
      'Another tab of this browser keeps the room’s door.',
      'This browser’s database does not answer.',
      'The way to the other tabs does not open.',
    ])
  })

  it('has the console’s refused write beside the cluster’s errors, each with its kind', () => {
    expect(problemOf(new InvalidWrite('keyTooLong', 'Too long.'))).toMatchObject({
      kind: 'InvalidWrite',
      problem: { advice: 'Too long.' },
    })
    expect(problemOf(new ClusterError('Overloaded', 'wait')).kind).toBe('Overloaded')
    expect(problemOf('what?')).toMatchObject({ kind: 'Unknown', problem: { remedy: 'reload' } })
  })
})

describe('lastingProblem', () => {
  const running = {
    id: 'k7qa2bcdefgh',
    state: 'running',
    failure: undefined,
    transportFailure: undefined,
    refusal: undefined,
    strangers: [],
    ignored: [],
    damaged: [],
    obstacles: [],
    members: [],
  } as const

  it('advises to reload after a deleted database: starting the node again cannot help', () => {
    for (const failure of ['Unavailable', 'Fenced', 'Corrupt', 'NewerVersion', 'InvariantBroken'] as const)
      expect(lastingProblem({ ...running, state: 'failed', failure }, whole)?.remedy, failure).toBe('reload')
    expect(lastingProblem({ ...running, state: 'failed', failure: 'QuotaExceeded' }, whole)?.remedy).toBe('restart')
  })

  it('says that nobody can be reached while the node itself is well', () => {
    const unreached = { ...running, transportFailure: 'Unsupported' } as const
    expect(lastingProblem(unreached, { ...whole, hasWebRtc: false })?.title).toMatch(/no WebRTC/)
    expect(lastingProblem(unreached, whole)?.advice).toMatch(/forbids WebRTC/)
    const silent = { ...running, transportFailure: 'SignalingFailed' } as const
    expect(lastingProblem(silent, { ...whole, hasBroadcastChannel: false })?.title).toMatch(/no BroadcastChannel/)
    expect(
      problemOf(new ClusterError('TransportFailed', '', { cause: new TransportError('Timeout', '') }), whole),
    ).toBeDefined()
  })

  it('says that the room was made twice, when somebody of the other cluster is in reach', () => {
    expect(lastingProblem({ ...running, strangers: ['b'] }, whole)).toMatchObject({ remedy: 'newRoom' })
    expect(lastingProblem({ ...running, ignored: ['b'] }, whole)?.title).toMatch(/no node sends/)
    expect(lastingProblem(running, whole)).toBeUndefined()
  })

  it('offers to delete what cannot be read, and never the whole of what this site stores', () => {
    const error = new StorageError('Corrupt', 'entry 2 is no entry')
    const problem = lastingProblem({ ...running, damaged: [{ nodeId: 'a', error }] }, whole)
    expect(problem).toMatchObject({ remedy: 'deleteDamaged' })
    expect(problem?.advice).not.toMatch(/site/)
  })

  it('says what is in the way of a link, in words of its own for each kind, and to whom', () => {
    const member = (id: string, link: MemberStatus['link']) => ({
      id,
      name: id.toUpperCase(),
      voter: true,
      connected: link !== 'none',
      link,
    })
    const members = [member('a', 'direct'), member('b', 'none'), member('c', 'relayed')]
    const told = (kind: ObstacleKind, peer?: string) =>
      lastingProblem({ ...running, members, obstacles: [{ kind, peer }] }, whole)
    const kinds = ['NoCandidates', 'Blocked', 'WrongCredentials', 'OtherVersion', 'Impostor'] as const
    const titles = kinds.map(kind => told(kind, 'b')?.title)
    expect(new Set(titles).size).toBe(kinds.length)
    for (const title of titles) expect(title).toBeDefined()
    expect(told('Blocked', 'b')?.title).toMatch(/^B and this browser/)
    expect(told('Blocked', 'unknown')?.title).toMatch(/^Somebody/)
    expect(told('OtherVersion', 'b')?.remedy).toBe('reload')
    expect(told('SignalingUnreachable')?.title).toMatch(/server .* cannot be reached/)
  })

  it('says nothing of what is in the way where a link is relayed, where one only is silent, and where nobody is missing', () => {
    const link = (of: MemberStatus['link']) => [{ id: 'c', name: 'C', voter: true, connected: true, link: of }]
    const quiet = (kind: ObstacleKind, of: MemberStatus['link'], peer: string | undefined = 'c') =>
      lastingProblem({ ...running, members: link(of), obstacles: [{ kind, peer }] }, whole)
    expect(quiet('Blocked', 'relayed')).toBeUndefined()
    expect(quiet('Silent', 'none')).toBeUndefined()
    expect(quiet('SignalingUnreachable', 'direct', undefined)).toBeUndefined()
  })

  it('says why a node is not let in', () => {
    expect(lastingProblem({ ...running, state: 'joining', refusal: 'RoomFull' }, whole)?.title).toBe(
      'This room is full.',
    )
    expect(lastingProblem({ ...running, state: 'joining', refusal: 'Removed' }, whole)?.title).toMatch(/removed/)
    expect(lastingProblem(running, whole)).toBeUndefined()
  })
})
