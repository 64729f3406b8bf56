/** What an application asks for is looked at before anything is sent: a command that goes out may commit, whatever is thrown later. */
import {
  type ChangeOptions,
  ClusterError,
  type ProposeAllOptions,
  type ProposeOptions,
  type ReadOptions,
} from '../api.ts'
import { isBytes } from '../bytes.ts'
import { decodeEnvelope } from '../wire/command.ts'
import type { Admission } from '../wire/house-rules.ts'

const DEFAULT_TIMEOUT_MS = 10_000

/** @throws ClusterError `InvalidOptions`. */
export function checkedProposeOptions<Options extends ProposeOptions | ProposeAllOptions>(
  options: Options,
): Required<Pick<Options, 'timeoutMs'>> & Pick<Options, 'onFate'> {
  const { timeoutMs, onFate } = checkedBag(options)
  if (onFate !== undefined && typeof onFate !== 'function') throw invalid('onFate must be a function', onFate)
  return onFate === undefined
    ? { timeoutMs: checkedTimeout(timeoutMs) }
    : { timeoutMs: checkedTimeout(timeoutMs), onFate }
}

/** @throws ClusterError `InvalidOptions`. */
export function checkedReadOptions(options: ReadOptions): Required<ReadOptions> {
  const { timeoutMs, consistency = 'linearizable' } = checkedBag(options)
  if (consistency !== 'linearizable' && consistency !== 'local') {
    throw invalid("consistency must be 'linearizable' or 'local'", consistency)
  }
  return { timeoutMs: checkedTimeout(timeoutMs), consistency }
}

/** @throws ClusterError `InvalidOptions`. */
export function checkedChangeOptions(options: ChangeOptions): Required<ChangeOptions> {
  return { timeoutMs: checkedTimeout(checkedBag(options).timeoutMs) }
}

/** @throws ClusterError `InvalidOptions`. */
export function checkedMembership(as: unknown): 'addLearner' | 'addVoter' {
  if (as === 'learner') return 'addLearner'
  if (as === 'voter') return 'addVoter'
  throw invalid("a member is added as 'learner' or 'voter'", as)
}

/** @throws ClusterError `InvalidOptions`. */
export function checkedAdmission(admission: unknown): Admission {
  if (admission === 'open' || admission === 'asked') return admission
  throw invalid("admission must be 'open' or 'asked'", admission)
}

/** @throws ClusterError `InvalidOptions`. */
export function checkedAnswer(answer: unknown): 'addLearner' | 'refuse' {
  if (answer === 'accept') return 'addLearner'
  if (answer === 'refuse') return 'refuse'
  throw invalid("a newcomer is answered by 'accept' or 'refuse'", answer)
}

/** A client may open a session and propose commands in it, and nothing else. @throws ClusterError `InvalidOptions`. */
export function checkClientsEntry(entry: Uint8Array): void {
  const decoded = isBytes(entry) ? decodeEnvelope(entry) : undefined
  if (decoded?.ok === true && (decoded.value.kind === 'open' || decoded.value.kind === 'command')) return
  throw new ClusterError('InvalidOptions', 'a client’s entry opens a session, or is a command of one')
}

function checkedTimeout(timeoutMs: number = DEFAULT_TIMEOUT_MS): number {
  if (typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs < Number.POSITIVE_INFINITY) return timeoutMs
  throw invalid('timeoutMs must be a finite number of milliseconds, from 0', timeoutMs)
}

function checkedBag<Bag>(options: Bag): Bag {
  if (typeof options !== 'object' || options === null) throw invalid('options must be an object', options)
  return options
}

function invalid(rule: string, value: unknown): ClusterError {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 50) : typeof value
  return new ClusterError('InvalidOptions', `${rule}, not ${text}`)
}
